"""The cast of searches, watch lists and wanted notices."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from watching_cast import Stage, as_person


@pytest.fixture
def stage(app: Flask) -> Stage:
    return Stage()


@pytest.fixture
def carol(app: Flask, session: Session, stage: Stage) -> FlaskClient:
    return as_person(app, session, stage.carol.person_id)


@pytest.fixture
def dave(app: Flask, session: Session, stage: Stage) -> FlaskClient:
    return as_person(app, session, stage.dave.person_id)
