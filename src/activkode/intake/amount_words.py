"""Signs and words that make the number beside them an amount, a time or a measure: data only, no "
"decisions."""

# Right after a number, perhaps after a space.
UNITS = (
    "% ٪ ‰ $ € £ ¥ ₹ ₽ ₩ ₺ ฿ ₫ ₴ ₦ ৳ ﷼ ₪ zł kč ft лв "
    "usd eur gbp inr rub uah brl mxn pln czk huf ron sek nok dkk idr vnd thb cny jpy krw ils sar aed egp "
    "irr bdt usdt btc eth "
    "dollar dollars euro euros pounds rupees lei leu kr kronor kroner forint forintot zlotych korun "
    "reais pesos lira tl rupiah dong "
    "vnd rs rmb baht "
    "min mins minute minutes minuten minuti minutos minut minuty minutu minuter minutter minuttia "
    "minuutti minuta minuten "
    "phut menit dakika perc percig sec secs second seconds sekunden segundos secondes hour hours stunden "
    "heures horas ore godzin hodin "
    "timmar timer tuntia ora saat jam gio day days tage tagen jours dias giorni dagen dni dnu dagar dage "
    "paivaa nap zile gun hari ngay "
    "year years jahre ans anos anni jaar lat vuotta ev tahun nam uhr uur "
    "kb mb gb tb km cm mm kg mg ml lb lbs oz mph kmh kwh mbps gbps px dpi hz mhz ghz mah cal kcal "
    "pt pts point points punkte puntos pontos punti punten punktow bodu poang pistetta pont puncte puan "
    "poin diem "
    "digit digits digita digitos cifre cijfers stellig chiffres units items pieces pcs people users "
    "members followers steps reviews "
    "views customers years stores shops products articles hits results "
    "мин минут минуты минуту сек секунд час часа часов дня дней суток руб рубль рубля рублей р коп грн "
    "гривень балл баллов балів бонусов "
    "хв хвилин хвилини годин днів лет года год г год. років року км кг гб мб шт "
    "λεπτά ευρώ ώρες ημέρες πόντους πόντοι "
    "دقيقة دقائق ساعة ساعات يوم أيام ريال درهم جنيه دينار ليرة نقطة ر.س د.إ ج.م ل.س دولار "
    "دقیقه ساعت روز تومان ریال امتیاز نفر عدد گیگابایت مگابایت "
    'דקות שעות ימים שקל שקלים ש"ח נקודות'
)

# The same in scripts that put no space between words.
JOINED_UNITS = (
    "रुपये रुपए रु. मिनट घंटे दिन अंक बजे ग्राम টাকা টাকার মিনিট ঘণ্টা পয়েন্ট টায় জন บาท นาที "
    "ชั่วโมง ชม. วัน คะแนน แต้ม น. คน ปี กม. "
    "年 月 日 号 分钟 分鐘 分 秒 小时 小時 元 円 圓 块 點 点 名 人 個 个 件 次 条 位 台 平 万 萬 折 港币 "
    "人民币 米 公里 步 歩 号室 階 時 时 ポイント 号楼 室 "
    "원 년 월 일 시 분 초 명 개 점 포인트 시간 만원 호 층 걸음 건"
)

# Joined units that begin a longer word meaning something else.
NOT_UNITS = (
    "点击 點擊 点此 日本 人間 分享 名義 分行 个人 個人 位址 次回 次の 条款 日常 分別 月額 時間 时间 "
    "원하 일회 시도 개인 명의 건강"
)

# Right before a number, perhaps with a space or a dot between.
CURRENCIES = (
    "$ € £ ¥ ₹ ₽ ₩ ₺ ฿ ₫ ₴ ₦ ৳ ﷼ ₪ © № usd eur gbp inr rs rp rm nt$ hk$ us$ r$ idr vnd thb php brl mxn "
    "pln czk huf ron sek nok dkk "
    "cny rmb jpy krw chf cad aud sgd myr sar aed egp ils s$ a$ bdt tk kshs ksh tsh ngn zar usdt btc eth "
    "kr rs. รับ रु. रु ₨ रू "
    "人民币 港币 v ver version vers"
)

# Before four digits that can be a clock's, they make them a time: "by 0900".
CLOCK = (
    "at by until till before after from since between um bis ab vor seit gegen à avant dès hasta desde às alle "
    "entro dalle om tot kl klo saat jam"
)

# Letters behind digits that make the whole a measure: 20MIN, 500GB, 5PM.
SUFFIXES = (
    "K M G KB MB GB TB KM CM MM KG MG ML MIN MINS MINUTES HRS HR H AM PM ST ND RD TH USD EUR GBP INR RS "
    "TL KR PX MP MAH W V A HZ MHZ "
    "GHZ FPS KW KWH HP CC L D X P S PTS BPM BP DPI FT IN LB OZ YD MI C F DIGIT DIGITS STELLIG OFF"
)

TOP_LEVEL = (
    "com net org io app dev co me info biz example test invalid local localhost xyz shop store online "
    "site tech cloud page link ly to "
    "de fr es it nl pl cz sk ru ua uk us ca au nz in br pt tr ir il sa ae eg cn jp kr tw hk vn id th se "
    "no dk fi gr ro hu bg rs hr si at "
    "ch be eu mx ar cl pe ke ng za ph my sg bd pk lk np tv gg ai sh st cc is ee lv lt gov edu int mobi "
    "name pro news blog email club"
)

GENERIC_TOP_LEVEL = "com net org example info io test"
