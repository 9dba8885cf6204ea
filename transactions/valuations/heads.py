"""The headings and sentences of the report, on paper and on pages; both in Chinese and English."""

from typing import Any

from flask_babel import lazy_gettext as _

TITLE = _("Valuation report")
LABEL = _("An estimate, not an appraisal.")

HEADS: dict[str, Any] = {
    "subject": _("What was valued"),
    "basis": _("Basis of value"),
    "value": _("Estimated value"),
    "ranges": _("Ranges"),
    "grade": _("Grade"),
    "approach": _("Approach"),
    "weights": _("Weights of comparables and model"),
    "gap": _("Comparables and model apart"),
    "offered": _("What bidding would reach, sold or not"),
    "range_50": _("50 in 100 lie within"),
    "range_80": _("80 in 100 lie within"),
    "inputs": _("Data and inputs"),
    "comparables": _("Comparables used"),
    "attempts": _("Unsold lots taken into account"),
    "rejected": _("Sales looked at and not used"),
    "grid": _("Adjustment grid"),
    "model": _("Model and its terms"),
    "index": _("Price level by quarter"),
    "income": _("Income approach"),
    "sensitivity": _("If rate and discount are others"),
    "score": _("Scorecard"),
    "bids": _("Bidding so far"),
    "sale": _("Chance of sale and start price"),
    "curve": _("Start prices"),
    "limits": _("Limits"),
    "decisions": _("What was decided"),
    "proof": _("How this can be checked"),
    "reference": _("Reference"),
    "title": _("Title"),
    "rights": _("Rights"),
    "asset_type": _("Type of right"),
    "field": _("Technology field"),
    "life": _("Months to live"),
    "channel": _("Way of sale"),
    "forced": _("Forced or voluntary"),
    "currency": _("Currency"),
    "claim": _("Claim"),
    "loan_to_value": _("Loan to value"),
    "valued_on": _("Valued on"),
    "made_at": _("Made at"),
    "for": _("Made for"),
    "tree_size": _("Leaves of the price log looked at"),
    "model_version": _("Version of the model"),
    "settings_version": _("Digest of the settings"),
    "method": _("Version of the method"),
    "code": _("Verification code"),
    "address": _("Check it at"),
    "digest": _("Digest of inputs and result"),
    "sale_column": _("Sale"),
    "price": _("Price"),
    "scaled": _("Scaled to this lot"),
    "adjustments": _("Adjustments"),
    "adjusted": _("Adjusted price"),
    "weight": _("Weight"),
    "proof_grade": _("Proof"),
    "reason": _("Reason"),
    "count": _("Records"),
    "term": _("Term"),
    "effect": _("Effect on the logarithm"),
    "error": _("Standard error"),
    "year": _("Year"),
    "months": _("Months"),
    "revenue": _("Revenue"),
    "earned": _("Income"),
    "present": _("In money of the day"),
    "rate": _("Rate"),
    "discount": _("Discount rate"),
    "tax": _("Tax"),
    "margin": _("Profit in the revenue"),
    "source": _("Source of the forecast"),
    "factor": _("Factor"),
    "points": _("Points"),
    "multiplier": _("Multiplier, told beside and not mixed in"),
    "start": _("Start price"),
    "chance": _("Chance of sale"),
    "expected": _("Expected net recovery"),
    "unsold": _("Unsold after all rounds"),
    "low_high": _("10 to 90 in 100"),
    "suggested": _("Suggested start price"),
    "floor": _("Floor of the rule pack"),
    "bidders": _("Bidders"),
    "bid_count": _("Bids"),
    "top_bid": _("Highest open bid"),
    "who": _("Who"),
    "when": _("When"),
    "what": _("What"),
    "mean": _("Mean, for what many such lots fetch"),
    "median": _("Median"),
    "fitted_to": _("Fitted to"),
    "cut_off": _("Latest sale in it"),
    "of_model": _("of the model"),
    "of_grid": _("of the comparables"),
    "seen_from": _("Searched"),
    "without_one": _("If any one of them is left out"),
}

SENTENCES: dict[str, Any] = {
    "scope": _(
        "Made by a program from the record of sales named here, without inspection of the rights. Ownership, "
        "validity and encumbrances were taken as filed and were not examined."
    ),
    "method": _(
        "The nearest sales are adjusted line by line; no line counts more than its limit. Their weighted "
        "middle and the estimate of a fitted model are put together as logarithms, each weighing by how "
        "exact it is. "
        "Income approach, scorecard and bidding are told beside the value and never mixed in."
    ),
    "suggestion": _("A suggestion binds nobody. Whoever accepts or overrides it is kept with the reason."),
    "prices": _("Live reserves, bids under seal and intentions of other sellers are never used."),
    "multiplier": _("The weights of the scorecard are this project's defaults, not those of a standard."),
    "again": _(
        "The same inputs and the log as of the size above give the same result to the byte, whatever is "
        "recorded later."
    ),
}
