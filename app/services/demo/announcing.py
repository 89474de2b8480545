"""Notices of the invented province: a few words of ours for each audience, from three kinds of writers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from sqlalchemy.orm import Session

import app.documents
from app.declare.province import province
from app.models.notice import Notice
from app.security.actor import Actor
from app.security.permissions import catalogue
from app.security.scope import acting
from app.services import attachments
from app.services.attachments import Upload
from app.services.demo.units import Office, Unit

FONT = Path(app.documents.__file__).parent / "fonts" / "LXGWWenKai-Regular.ttf"

YEAR = """各市、县（区）人社部门，各主管部门，各用人单位：

{year}年度专业技术人员继续教育学时申报工作已经开始，现将有关事项通知如下。

## 一、谁来申报

在职专业技术人员由本人在手机或电脑上申报；单位统一组织的培训，由用人单位批量申报。

## 二、怎样算完成

- 总{hours}与每个科目的最低{hours}**同时达到**，当年才算完成；
- 已申报、还没有审核通过的，不计入完成情况。

## 三、需要准备什么

证明材料请上传 PDF 或照片，字迹要清楚，盖章要完整。每条申报最多十个附件。

时间安排见附件。不清楚的地方，请先看门户右侧的操作指南，再联系服务台。
"""
UNITS = """各用人单位：

请在完成注册后核对本单位人员名单：

1. 在**账户管理**中导出人员，逐人核对姓名、证件号和职称；
2. 新进人员用模板批量导入，导入前可以先试运行，不会改动数据库；
3. 已经离开的人员请办理调出，不要重复注册。

一个人只有一个账号。重复注册会被退回。
"""
CHECKS = """证书上印有查询码和二维码。
任何人都可以在门户的“查验证书”中输入查询码，逐项核对姓名、年度、{hours}和编号，不需要登录。

**只看页面显示“有效”是不够的**，请与纸面逐项比对。
"""
SAFETY = """请不要把密码告诉他人，也不要使用与其他网站相同的密码。平台不会打电话索要密码或验证码。

忘记密码时，可以在登录窗口用证件号和登记的邮箱或手机号重新设置；没有登记的，请联系本单位管理员。
"""
CITY = """市直各单位、各县（区）人社局：

请于本月底前完成本地区待审核事项的清理，超过五个工作日的优先处理。退回时请写明原因，便于申报人一次改好。
"""
FIELD = """各所属单位：

本系统专业科目的培训安排已经确定，请组织专业技术人员按时参加。参加后由单位统一申报，个人不必重复填写。
"""
SCHEDULE = (
    "学时申报时间安排",
    "个人申报：全年随时",
    "单位审核：申报后五个工作日内",
    "主管部门审核：单位通过后五个工作日内",
    "（演示数据）",
)


@dataclass(frozen=True, slots=True)
class Announced:
    """One notice: who writes it, so many days ago, and its facts."""

    place: Office | Unit
    days: int
    title: str
    body: str
    audience: str
    pinned: bool = False
    file: str = ""


def announce(session: Session, offices: tuple[Office, ...], units: tuple[Unit, ...], now: datetime) -> None:
    """Write and publish the notices, in the caller's transaction."""
    for each in _announced(offices, units, now.year):
        with acting(session, _writer(each.place)):
            notice = Notice(
                organization_id=each.place.id,
                title=each.title,
                body=each.body.format(year=now.year, hours=province().words.hours.zh),
                audience=each.audience,
                pinned=each.pinned,
                state="published",
                published_at=now - timedelta(days=each.days),
            )
            session.add(notice)
            session.flush()
            if each.file:
                attachments.keep(session, notice, Upload(each.file, BytesIO(_paper())))


def _announced(offices: tuple[Office, ...], units: tuple[Unit, ...], year: int) -> Iterator[Announced]:
    top = next(office for office in offices if office.depth == 1)
    city = next(office for office in offices if office.depth == top.depth + 1)
    yield Announced(
        top, 3, f"关于做好{year}年度继续教育学时申报工作的通知", YEAR, "public", True, "学时申报时间安排.pdf"
    )
    yield Announced(top, 12, "用人单位操作手册已更新，请核对本单位人员名单", UNITS, "public")
    yield Announced(top, 30, "怎样查验继续教育证书", CHECKS, "public")
    yield Announced(top, 47, "关于保管好账号和密码的提示", SAFETY, "public")
    yield Announced(city, 2, "关于清理待审核事项的通知", CITY, "all")
    for field in [unit for unit in units if unit.kind == "authority"][:1]:
        yield Announced(field, 6, f"{year}年度专业科目培训安排", FIELD, "all")


def _writer(place: Office | Unit) -> Actor:
    depth = len([each for each in place.placed if each is not None])
    return Actor(
        name="demo",
        kind=place.kind,
        organization_id=place.id,
        depth=depth,
        permissions=catalogue()[place.kind],
    )


def _paper() -> bytes:
    """One drawn page as PDF."""
    page = Image.new("L", (595, 842), 255)
    draw = ImageDraw.Draw(page)
    title, *lines = SCHEDULE
    draw.text((297, 110), title, font=ImageFont.truetype(FONT, 34), fill=20, anchor="mm")
    for row, words in enumerate(lines):
        draw.text((80, 200 + 50 * row), words, font=ImageFont.truetype(FONT, 22), fill=40)
    target = BytesIO()
    page.save(target, "PDF")
    return target.getvalue()
