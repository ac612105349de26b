"""Names of columns about persons, as lists in the languages of the corridors have them. Never looks at a cell."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_SIGNS = re.compile(r"[\W_\d]+")

# Whole names of a column.
_WHOLE = """
nm yrs pt patient client survivor victim beneficiary regno ptinitials worker caller participant
complainant who profile sign signature respid hhid hhno lname fname nompp pp ppno passnr hp nohp mob
mobno addr natl nat staffname officer trainee attendee noms prenoms apellidos nombres cognome nata
natail vorname nachname gebam geburtsdatum datanascita codicefiscale nomecompleto datadenascimento
fechadenacimiento pasaporte passaporte passeport reisepass namapmi tgllahir tanggallahir umur usia
namapenuh nokp notelefon noktp hoten tuoi namsinh ngaysinh socccd cccd socmnd cmnd sohochieu diachi
sodienthoai quoctich pangalan edad tirahan kapanganakan kasarian фио имя фамилия отчество паспорт
телефон датарождения адрес возраст 姓名 名字 年龄 年齡 身份证 身份证号 护照
护照号 电话 手机 住址 氏名 名前 年齢 生年月日 電話番号 住所 성명
이름 생년월일 연락처 나이 주소 여권번호 ឈ្មោះ នាមនិងគោត្តនាម ភេទ អាយុ អាសយដ្ឋាន
ថ្ងៃខែឆ្នាំកំណើត លេខទូរស័ព្ទ លិខិតឆ្លងដែន អត្តសញ្ញាណប័ណ្ណ ชื่อ ชื่อสกุล ชื่อ-สกุล ชื่อ-นามสกุล
นามสกุล อายุ เพศ ที่อยู่ เบอร์โทร โทรศัพท์ เลขประจำตัวประชาชน เลขบัตรประชาชน หนังสือเดินทาง วันเกิด
สัญชาติ ຊື່ ຊື່ແລະນາມສະກຸນ ນາມສະກຸນ ອາຍຸ ທີ່ຢູ່ ເບີໂທ ວັນເດືອນປີເກີດ အမည် အသက် နေရပ်လိပ်စာ ဖုန်း
မှတ်ပုံတင်အမှတ် နိုင်ငံကူးလက်မှတ် الاسم اسم العمر الهاتف رقمالهاتف رقمالجواز جوازالسفر الجنسية
العنوان تاريخالميلاد نام ولدیت عمر شناختیکارڈنمبر پتہ নাম বয়স মোবাইল পাসপোর্ট পাসপোর্টনম্বর ঠিকানা
जन्ममिति नाम उमेर आयु उम्र पासपोर्ट राहदानीनं ठेगाना मोबाइल නම වයස
ගමන්බලපත්‍රඅංකය ලිපිනය දුරකථන பெயர் வயது முகவரி தொலைபேசி
""".split()


def normal(name: str) -> str:
    """A column's name without accents, signs and digits, in small letters, so that its spellings are one."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return _SIGNS.sub("", plain.casefold().replace("đ", "d"))


_KNOWN = frozenset(normal(name) for name in _WHOLE)


def about_a_person(column: str) -> bool:
    """Whether a column's name, whole or one of the parts that signs divide it in, tells of a person."""
    return normal(column) in _KNOWN


# --- names in the place of codes ---

WRITTEN_LIKE_A_NAME = r"\p{Lu}[\p{L}'’-]+(?:,? \p{Lu}[\p{L}'’-]+){1,4}"
"""For SQL: two to five words, each with a capital, and nothing else."""
SEVERAL_WORDS = r"\p{L}.*\p{Z}.*\p{L}|^\p{Lu}\.\p{Z}?\p{Lu}\.?$|^\p{L}{1,6}[-/ ]?(?:19|20)\d\d[-/]\d{2,6}$"
"""For SQL: words, initials, or the number of a paper, none of which is the form of a code."""

_WORD = re.compile(r"[^\W\d_]+")
_OFFICES = frozenset(
    """
office offices centre center ministry department division unit bureau agency authority commission
commissioner council committee secretariat police hospital clinic shelter home house network
foundation association union federation society alliance coalition trust fund group institute
institution university school college academy court courts tribunal embassy consulate mission legal
aid advice hotline helpline line desk care support service services help health labour labor social
welfare women womens woman children child girls family families youth workers migrants migrant
domestic violence gender equality rights justice safe safety hope light life new good first national
provincial regional district municipal city town state federal royal central general international
local public private civil community village north south east west northern southern eastern western
upper lower mountain river lake sea port bay island coast valley capital border red cross crescent
world united nations development employment immigration border customs statistics planning finance
interior foreign affairs education training information report yes no not none other unknown
available partly open closed free near far saint san santa republic kingdom democratic people
peoples and of the for
""".split()
)


def words_in(titles: Iterable[str]) -> frozenset[str]:
    """The words of these titles, in small letters."""
    return frozenset(word for title in titles for word in _WORD.findall(title.casefold()))


def a_name(cell: str, known: frozenset[str]) -> bool:
    """Whether none of a cell's words is one of those known, or one that offices have in their names."""
    return not any(word in known or word in _OFFICES for word in _WORD.findall(cell.casefold()))


def a_title(cell: str, known: frozenset[str]) -> bool:
    """Whether a cell is put together from words of titles, as by somebody who wrote a title for its code."""
    words = _WORD.findall(cell.casefold())
    return 2 * sum(word in known or word in _OFFICES for word in words) >= len(words)
