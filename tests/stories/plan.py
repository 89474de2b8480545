"""What differs between the provinces in the stories: how one comes to 90 hours with 60 professional ones."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Activity:
    """Something one learned: subject and form, what the form asks, and the hours that follow from it."""

    subject: str
    form: str
    title: str
    answers: Mapping[str, str]
    hours: int
    month: str = "06"


PUBLIC = {
    "hubei": Activity("public", "training_class", "公需科目脱产培训班", {"days": "4"}, 32),
    "hainan": Activity("public", "online_course", "公需科目网络课程", {"minutes": "1800"}, 40),
    "shandong": Activity("public", "post_training", "公需科目岗位培训", {"hours": "32"}, 32),
}
PROFESSIONAL = {
    "hubei": Activity("professional", "training_class", "心血管介入研修班", {"days": "8"}, 64, "07"),
    "hainan": Activity("professional", "advanced_study", "心血管介入进修", {"days": "10"}, 60, "07"),
    "shandong": Activity("professional", "post_training", "心血管介入岗位培训", {"hours": "60"}, 60, "07"),
}
DAYS = {"begins": "01", "ends": "30"}
"""The days of a month between which whatever takes several days was held."""

CONFERENCE = Activity("professional", "conference", "心血管病学术会议", {"level": "national"}, 12, "08")
"""Declared as a national one, which it was not: a provincial one counts eight."""

CORRECTED = 8
