"""Persons who do not exist, and what officers write of them. Never holds a real name, number or address.

Names are put together from parts that belong together nowhere; numbers come from ranges kept for fiction, or from none.
"""

from __future__ import annotations

import random

GIVEN = (
    "Sreymom Thanaporn Mayumee Nurul-Aini Khin-Thazin Bounmala Pabitri Rukshani Farzanah Lan-Huong Marisela Dewinta "
    "Shwe-Nandi Oddomsar Teresinha Parvinah Gulnozha Ameenath Noy-Keo Hasinah"
).split()
FAMILY = (
    "Talavongse Pheakdeysok Dorlasanta Kelanangga Maungthein Vongsaly Tamangsingh Wijeratneke Chowdhurani Tranvu "
    "Bautistela Hartonoputri Zawminoo Sivongthai Soaresinho Akhtarzade Yusufova Rasheedha Inthavon Begumara"
).split()
NATIONS = "Cambodian Thai Filipino Indonesian Burmese Lao Nepali Sri-Lankan Bangladeshi Vietnamese Timorese".split()
STREETS = (
    "House 14, Street 999, Sangkat Boeung Nowhere",
    "88/3 Moo 9, Soi Nowhere 4",
    "No. 27 Jalan Tiada, RT 04/RW 09",
)
OTHER_SCRIPTS = {
    "Khmer": "ស្រីមុំ តាឡាវង្ស",
    "Thai": "นางสาวธนพร ไม่มีสกุล",
    "Lao": "ນາງ ບຸນມາລາ ວົງສາລີ",
    "Burmese": "မခင်သဇင် မောင်သိန်း",
    "Bengali": "ফারজানা চৌধুরানী",
    "Hindi": "पवित्री तामांगसिंह",
    "Sinhala": "රුක්ෂානි විජේරත්නකේ",
    "Arabic": "فرزانة آختارزاده",
    "Chinese": "兰香陈武",
    "Korean": "한무명",
    "Japanese": "無名野花子",
    "Vietnamese": "Nguyễn Thị Lan Hương Vũ",
    "Russian": "Гульножа Юсуфова",
}
STORIES = (
    "She came from Nowhereville with her two children after the employer locked her in for three weeks",
    "Client says her husband beat her again on Sunday; wants to go home to her mother in Prey Nowhere",
    "Raped by the agent on the way to the border. Was brought to us by a neighbour. Does not want police",
    "24-year-old domestic worker, passport withheld by employer, three months unpaid, bruises on both arms",
    "survivor aged 31 works in the garment factory near the bridge; her brother in law is the perpetrator",
    "Mother of 3, Nepali, undocumented, escaped from her employer at night, is now with her cousin",
)


def digits(text: str, zero: str) -> str:
    """The digits of another script."""
    return "".join(chr(ord(zero) + int(c)) if c in "0123456789" else c for c in text)


def person(chance: random.Random) -> dict[str, str]:
    """Somebody who does not exist, as the columns of lists tell of her."""
    given, family = chance.choice(GIVEN), chance.choice(FAMILY)
    year, month, day = chance.randrange(1975, 2008), chance.randrange(1, 13), chance.randrange(1, 29)
    last = f"{chance.randrange(1000):03}"
    return {
        "given": given,
        "family": family,
        "name": f"{given} {family}",
        "turned": f"{family.upper()}, {given}",
        "initials": f"{given[0]}.{family[0]}.",
        "age": str(2026 - year),
        "born": f"{year}-{month:02}-{day:02}",
        "dmy": f"{day:02}/{month:02}/{year}",
        "dotted": f"{day}.{month}.{year}",
        "seen": f"{day:02}-{('Jul', 'Aug', 'Sep')[month % 3]}-2026",
        "iso": f"2026-{7 + month % 3:02}-{day:02}",
        "clock": f"{chance.randrange(24):02}:{chance.randrange(60):02}",
        "phone": chance.choice((f"07700 900{last}", f"+999 12 345 {last}", f"202-555-01{last[1:]}", f"0491570{last}")),
        "passport": f"{chance.choice('XZN')}0{chance.randrange(10**6):06}",
        "identity": f"0{chance.randrange(10**12):012}",
        "account": f"000-0-{chance.randrange(10**5):05}-0",
        "case": f"CM/2026/{chance.randrange(10**4):04}",
        "uuid": f"{chance.getrandbits(32):08x}-{chance.getrandbits(16):04x}-4000-8000-{chance.getrandbits(48):012x}",
        "email": f"{given.lower()}.{family.lower()}@example.org",
        "nation": chance.choice(NATIONS),
        "address": chance.choice(STREETS),
        "story": chance.choice(STORIES),
        "lat": f"{chance.uniform(10, 20):.6f}",
        "lon": f"{chance.uniform(95, 108):.6f}",
        "relation": chance.choice(("employer", "husband", "agent", "unknown man", "supervisor")),
        "score": str(chance.randrange(5)),
        "money": f"{chance.randrange(40, 90)}.00",
        "profile": f"https://www.facebook.com/{given.lower()}.{family.lower()}.{last}",
        **{script: name for script, name in OTHER_SCRIPTS.items()},
    }


# A list as a system or an office writes it: the header and the row, cells parted by a stroke.
LISTS: dict[str, tuple[str, str]] = {
    "case management": (
        "Case ID|Client Name|DOB|Sex|Nationality|Date of Incident|Alleged perpetrator|Caseworker",
        "{case}|{name}|{born}|F|{nation}|{seen}|{relation}|{initials}",
    ),
    "incident recorder": (
        "Incident ID|Survivor Code|Date of Interview|Age at time of incident|Displacement status|Referred by",
        "{case}|{uuid}|{iso}|{age}|returnee|police",
    ),
    "hotline log": ("Call no.|Date|Time|Caller|Tel|Issue|Action taken", "12|{dmy}|{clock}|{given}|{phone}|{story}|ref"),
    "hospital, Khmer": ("ល.រ|ឈ្មោះ|ភេទ|អាយុ|អាសយដ្ឋាន|ថ្ងៃចូល", "1|{Khmer}|ស្រី|{age}|ភូមិ ១|{dmy}"),
    "police, Thai": ("ลำดับ|ชื่อ-สกุล|อายุ|เลขประจำตัวประชาชน|ที่อยู่|วันที่แจ้ง", "1|{Thai}|{age}|{identity}|{address}|{dmy}"),
    "shelter, Vietnamese": (
        "STT|Họ và tên|Năm sinh|Số CCCD|Địa chỉ|Ngày vào",
        "1|{Vietnamese}|1999|{identity}|{address}|{dmy}",
    ),
    "embassy assistance": (
        "No|Name of OFW|PP No.|Employer|Jobsite|Case|Date Repatriated",
        "1|{turned}|{passport}|Mr. Nobody|Riyadh|maltreatment|{seen}",
    ),
    "placement, Indonesian": ("No|Nama PMI|NIK|Tgl Lahir|Alamat|No HP", "1|{name}|{identity}|{dmy}|{address}|{phone}"),
    "survey microdata": (
        "respid|hhid|cluster|q101_age|q102_educ|q705a|q705b|q705c|wgt",
        "{uuid}|0412|17|{age}|2|{score}|1|2|0.8{score}21",
    ),
    "survey with positions": (
        "_id|start|end|gps_lat|gps_lon|violence_12m",
        "{uuid}|{iso}T{clock}|{iso}T{clock}|{lat}|{lon}|1",
    ),
    "payroll": ("Staff name|Position|Bank a/c|Per diem USD|Signature", "{name}|Trainer|{account}|{money}|"),
    "trained staff": (
        "Name of participant|Title|Office|Mobile|E-mail",
        "{name}|Nurse|Provincial hospital|{phone}|{email}",
    ),
    "mailing list": ("First Name|Last Name|E-mail Address|Company", "{given}|{family}|{email}|Ministry"),
    "clinic, Burmese": ("စဉ်|အမည်|အသက်|နေရပ်လိပ်စာ|ဖုန်း", "1|{Burmese}|{age}|{address}|{phone}"),
    "village, Lao": ("ລ/ດ|ຊື່ ແລະ ນາມສະກຸນ|ອາຍຸ|ບ້ານ|ເບີໂທ", "1|{Lao}|{age}|ບ້ານ|{phone}"),
    "consulate, Arabic": ("م|الاسم|رقم الجواز|الجنسية|رقم الهاتف", "1|{Arabic}|{passport}|{nation}|{phone}"),
    "welfare desk, Bengali": ("ক্রমিক|নাম|বয়স|পাসপোর্ট নম্বর|মোবাইল", "1|{Bengali}|{age}|{passport}|{phone}"),
    "safe house, Nepali": ("क्र.सं.|नाम|उमेर|राहदानी नं.|ठेगाना", "1|{Hindi}|{age}|{passport}|{address}"),
    "bureau, Sinhala": ("අංකය|නම|වයස|ගමන් බලපත්‍ර අංකය", "1|{Sinhala}|{age}|{passport}"),
    "labour office, Chinese": ("序号|姓名|年龄|身份证号|电话", "1|{Chinese}|{age}|{identity}|{phone}"),
    "shelter, Japanese": ("番号|氏名|生年月日|電話番号", "1|{Japanese}|{born}|{phone}"),
    "centre, Korean": ("번호|성명|생년월일|연락처", "1|{Korean}|{born}|{phone}"),
    "association, French": ("N°|Nom|Prénom|Date de naissance|Téléphone", "1|{family}|{given}|{dmy}|{phone}"),
    "office, Portuguese": ("N.º|Nome completo|Data de nascimento|Suco", "1|{name}|{dmy}|Suco Nenhum"),
    "consulate, Spanish": ("Apellidos|Nombres|Fecha de nacimiento|Pasaporte", "{family}|{given}|{dmy}|{passport}"),
    "crisis centre, Russian": ("№|ФИО|Дата рождения|Телефон", "1|{Russian}|{dotted}|{phone}"),
    "council, German": ("Lfd. Nr.|Nachname|Vorname|geb. am|Telefon", "1|{family}|{given}|{dotted}|{phone}"),
    "registry, Italian": ("Cognome|Nome|Nata il|Codice fiscale", "{family}|{given}|{dmy}|XXXXXX00X00X000X"),
    "talian, Malay": ("Bil|Nama penuh|No. K/P|Umur|No. telefon", "1|{name}|{identity}|{age}|{phone}"),
    "shelter, Urdu": ("نمبر شمار|نام|ولدیت|عمر|شناختی کارڈ نمبر", "1|{Arabic}|{Arabic}|{age}|{identity}"),
    "form export": (
        "SubmissionDate|deviceid|username|intro/resp_name|intro/resp_age|KEY",
        "{iso} {clock}|{uuid}|{given}|{name}|{age}|uuid:{uuid}",
    ),
    "address book": ("Given Name|Family Name|E-mail 1 - Value|Phone 1 - Value", "{given}|{family}|{email}|{phone}"),
    "court list": ("Docket no.|Complainant|Respondent|Hearing", "{case}|{turned}|NOBODY, Respondent|{seen}"),
    "attendance sheet": ("S/N|Participant|Organisation|Contact|Sign", "1|{name}|Labour office|{phone}|"),
    "agency's workers": ("Worker|PP|Employer|Arrival|Salary", "{turned}|{passport}|Household of Nobody|{dmy}|{money}"),
    "laboratory": ("MRN|Pt initials|Age/Sex|Specimen date|HIV|hCG", "{identity}|{initials}|{age}/F|{seen}|neg|pos"),
    "drug register": ("Reg. no|Patient|Village|PEP start|PEP end", "{case}|{name}|Nowhere|{dmy}|{dmy}"),
    "contacts for follow-up": ("who|profile|last message", "{given}|{profile}|{story}"),
    "short names of columns": ("nm|dob|ph|addr|natl", "{name}|{born}|{phone}|{address}|{nation}"),
    "no names of columns": ("A|B|C|D", "{name}|{age}|{phone}|{story}"),
}
