"""What invented units and offices have told those above them: some of it is answered, some waits."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.models.feedback import Feedback
from app.security.scope import acting
from app.services.demo.accounts import Holder
from app.services.demo.asking import Place, writer
from app.services.demo.units import Office, Unit

FROM_UNITS = (
    ("problem", "手机拍的证明上传较慢", "单位网络较慢，上传照片时长时间没有提示，老师们会重复提交。"),
    ("proposal", "希望能按科室导出未完成人员", "年底催办时需要按科室通知，现在要自己筛选。"),
    ("policy", "线上学术会议能否计入专业科目", "多位医师参加线上会议，只有电子邀请函，没有签到记录。"),
)
FROM_CITY = ("problem", "部分单位反映验证码收不到", "本市三个县区反映手机验证码延迟，已核对号码无误。")
ANSWERED = ("policy", "分院人员由谁注册", "分院没有单独的统一社会信用代码，人员由总院还是分院注册？")
ANSWER = "分院可作为下级单位单独注册，填写无代码原因并上传证明，由总院审核。"

DAYS = 6
"""So long ago the first was written; one came each day."""


def report(
    session: Session,
    offices: Sequence[Office],
    units: Sequence[Unit],
    administrators: Mapping[int, Holder],
    now: datetime,
) -> None:
    """Write the feedback, in the caller's transaction."""
    for passed, (place, row) in enumerate(_written(offices, units, now)):
        row.organization_id, row.account_id = place.id, administrators[place.id].account
        row.created_at = now - timedelta(days=DAYS - passed)
        with acting(session, writer(place)):
            session.add(row)


def _written(
    offices: Sequence[Office], units: Sequence[Unit], now: datetime
) -> Iterator[tuple[Place, Feedback]]:
    field = next(unit for unit in units if unit.kind == "authority")
    below = [unit for unit in units if unit.parent_id == field.id and unit.people and unit.state == "active"]
    for unit in below[:1]:
        made = _row(ANSWERED)
        made.state, made.answer, made.answerer_id, made.answered_at = "answered", ANSWER, field.id, now
        yield unit, made
    for unit, words in zip(below, FROM_UNITS, strict=False):
        yield unit, _row(words)
    yield next(office for office in offices if office.depth == offices[0].depth + 1), _row(FROM_CITY)


def _row(words: tuple[str, str, str]) -> Feedback:
    topic, title, body = words
    return Feedback(topic=topic, title=title, body=body, state="open")
