"""Why the shared record refuses."""

from enum import StrEnum


class Reason(StrEnum):
    # of the register
    CODE_MALFORMED = "code_malformed"
    CODE_TAKEN = "code_taken"
    APPLIED_ALREADY = "applied_already"
    KEY_MALFORMED = "key_malformed"
    KEY_TAKEN = "key_taken"
    KEY_SPAN = "key_span"
    TOO_MANY_KEYS = "too_many_keys"
    NOTHING_PROPOSED = "nothing_proposed"
    PROPOSED_ALREADY = "proposed_already"
    NOT_A_SANDBOX = "not_a_sandbox"
    # of a whole request
    NOT_JSON = "not_json"
    NOT_PLAIN = "not_plain"
    FIELD_MISSING = "field_missing"
    FIELD_UNKNOWN = "field_unknown"
    WRONG_TYPE = "wrong_type"
    NOT_A_WORD = "not_a_word"
    OUT_OF_RANGE = "out_of_range"
    WRONG_LENGTH = "wrong_length"
    MALFORMED = "malformed"
    TOO_MANY_LINES = "too_many_lines"
    UNKNOWN_CONTRIBUTOR = "unknown_contributor"
    NOT_ADMITTED = "not_admitted"
    UNSIGNED = "unsigned"
    TIME_WRONG = "time_wrong"
    OFFSET_OUT_OF_RANGE = "offset_out_of_range"
    # of one line, or of a signed request
    KEY_UNKNOWN = "key_unknown"
    KEY_NOT_VALID = "key_not_valid"
    SIGNATURE_WRONG = "signature_wrong"
    OTHER_CONTENT = "other_content"
    GRADE_TOO_HIGH = "grade_too_high"
    EVIDENCE_NEEDED = "evidence_needed"
    NOT_YOUR_RECORD = "not_your_record"
    NOT_SOLD = "not_sold"
    PARENT_NEEDED = "parent_needed"
