"""Words that an invented province is made of. No person, unit or course here is meant to exist."""

from dataclasses import dataclass
from types import MappingProxyType

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
    "钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
COMMON_SURNAMES = 30
"""So many of them, the first, belong to half of all people."""

COMPOUND_SURNAMES = ("欧阳", "司马", "上官", "诸葛", "尉迟", "皇甫")
MALE = "伟强磊军勇杰涛超明刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林凡博诚立志国建文海东峰毅晨亮成远松清江山"
FEMALE = "芳娜敏静丽艳娟霞秀燕玲桂兰萍洁梅琳雪云倩颖莹婷慧红玉凤丹萱悦佳欣怡蕾薇璐瑶雯晶梦琪岚蓉月青文春华英"

RARE_NAMES = ("李𠮷", "刘䶮", "王㑇", "陈𰻞𰻞", "㑇𠮷", "阿卜杜拉·买买提", "古丽米热·阿不都热依木", "欧阳䶮")
"""Characters beyond the common planes, names with a dot, long names: every list must bear them."""

_PAIRS = (
    "晨光望江青禾云岭明德松涛春晖澄湖金穗启明长虹远山和风星河东篱南浦西园北辰碧波翠微丰泽广济惠民嘉禾锦绣静安康宁兰亭丽泽绿洲"
    "鸣泉宁远平湖清源仁和瑞祥润泽圣泉双溪泰和天元同心文澜务本新桥怀远秀水雅安燕山永昌育才致远中兴紫荆百川存真大洋德馨飞虹伏波"
)
UNIT_NAMES = tuple(_PAIRS[place : place + 2] for place in range(0, len(_PAIRS), 2))


@dataclass(frozen=True, slots=True)
class Industry:
    """One line of authorities and their units.

    `city` and `county` are what the authority is called; `units` are kinds of units with the first two
    characters of their credit codes (12 public institution, 91 company). `share` of all units are of it.
    """

    key: str
    city: str
    county: str
    series: tuple[str, ...]
    units: tuple[tuple[str, str], ...]
    topics: tuple[str, ...]
    share: int


INDUSTRIES = (
    Industry(
        "health", "卫生健康委员会", "卫生健康局", ("health",),
        (("医院", "12"), ("中医医院", "12"), ("妇幼保健院", "12"), ("社区卫生服务中心", "12")),
        ("急危重症救治", "抗菌药物合理使用", "慢性病管理", "护理质量与安全", "医学影像技术", "院感防控"),
        32,
    ),
    Industry(
        "education", "教育局", "教育局", ("school_teaching",),
        (("中学", "12"), ("小学", "12"), ("幼儿园", "12"), ("实验学校", "12")),
        ("课程标准解读", "课堂教学评价", "班主任工作", "信息技术与教学融合", "学生心理辅导", "校本教研"),
        34,
    ),
    Industry(
        "construction", "住房和城乡建设局", "住房和城乡建设局", ("engineering",),
        (("建设集团有限公司", "91"), ("建筑设计有限公司", "91"), ("市政工程有限公司", "91")),
        ("装配式建筑施工", "建筑信息模型应用", "工程质量安全", "绿色建筑评价", "工程造价管理", "深基坑支护"),
        14,
    ),
    Industry(
        "transport", "交通运输局", "交通运输局", ("engineering", "shipping"),
        (("公路工程有限公司", "91"), ("公路养护中心", "12"), ("港航服务有限公司", "91")),
        ("桥梁检测与加固", "公路养护新材料", "智慧交通", "水运工程安全", "隧道施工监测", "路面再生技术"),
        10,
    ),
    Industry(
        "agriculture", "农业农村局", "农业农村局", ("agriculture",),
        (("农业技术推广中心", "12"), ("种业有限公司", "91"), ("畜牧兽医站", "12")),
        ("水稻绿色增产", "测土配方施肥", "动物疫病防控", "农机新装备", "病虫害统防统治", "农产品质量安全"),
        10,
    ),
)  # fmt: skip

COMMON_SERIES = ("accounting", "economics", "archives", "library")
"""Series that are found in every unit."""

PUBLIC_TOPICS = (
    "职业道德与诚信建设",
    "知识产权保护",
    "数字素养",
    "科技创新政策",
    "生态文明",
    "公共安全与应急",
)

ANSWERS = MappingProxyType(
    {
        "organizer": ("省专业技术人员继续教育中心", "市继续教育协会", "省行业学会", "高级研修班组委会"),
        "school": ("江城理工学院", "东湖师范学院", "南浦医学院"),
        "host": ("江城理工学院", "省级重点实验室", "东湖医学中心"),
        "website": ("专业技术人员继续教育网", "行业在线学堂", "公需课学习平台"),
        "publication": ("应用技术学报", "行业研究", "江城科技出版社"),
        "place": ("省会议中心", "本单位报告厅", "市培训中心"),
        "award": ("科技进步奖", "优秀成果奖"),
        "major": ("公共管理", "工程管理", "临床医学", "教育技术"),
        "directions": ("信息技术、智能制造", "卫生健康、公共卫生", "现代农业、乡村振兴", "教师专业发展"),
        "conditions": ("聘请高校和行业专家授课，配有多媒体教室三间。",),
        "done": ("按计划完成全部培训班次，学员满意度较高，学时均已登记。",),
        "problems": ("部分学员工学矛盾突出，建议适当增加线上课程。",),
        "enquiries": ("027-87650001", "027-87650002", "027-87650003"),
        "content": ("结合岗位实际开展学习，完成全部内容并通过考核。",),
    }
)
"""What is answered under a key of a learning form; under any other stands a number or a name."""

NUMBERED = ("number", "approval_number", "certificate", "issue", "patent_number")
NAMED = ("speaker", "teacher", "liaison")
