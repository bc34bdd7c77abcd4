"""Words that claim a number for an account, a call or a sale: data only, no decisions.

The form is that of `code_words`; each phrase stands in one table only.
"""

# What a code may be for. It claims the number after it, unless a code is spoken of right before.
ACCOUNT = {
    "Latin": (
        "account,acct,a/c,konto,kontonummer,compte,cuenta,operacion,transaccion,conta,transacao,conto,operazione,"
        "rekening,transactie,konta,transakcj*,ucet,uctu,transakce,kontot,kontoen,transaktion*,tili,tilin,tilisi,"
        "tilille,tapahtuma*,szamlaja,fiok*,tranzakcio*,cont,contul,contului,tranzactie*,hesap,hesabiniz*,islem,"
        "islemi*,racunu,nalog*,akun,akaun,transaksi,transaction,transactions,tài khoản,giao dịch,operation,"
        "phone number,mobile number"
    ),
    "others": (
        "аккаунт*,кабинет*,учетн*,операци*,акаунт*,кабінет*,операц*,обліков*,сметка,рачун,λογαριασμός,λογαριασμό,"
        "λογαριασμού,συναλλαγή*,*حسابك,*الحساب,*حساب,*معاملة,العملية,*المعاملة,تراکنش*,*חשבון,*חשבונך,*עסקה,"
        "*העסקה,*לחשבון,खाता,खाते,लेनदेन,অ্যাকাউন্ট,লেনদেন,একাউন্ট,บัญชี,ธุรกรรม,账户,账号,帐户,帳戶,帳號,交易,"
        "アカウント,口座,取引,계정,계좌,거래"
    ),
}

# "Ending in": the number before or after is the visible rest of a longer one.
ENDING = {
    "Latin": (
        "ending,ending in,ending with,ends in,ends with,last digits,last four digits,last 4 digits,final digits,"
        "final four,endend auf,endet auf,endziffern,*endung,finissant par,terminant par,se terminant par,"
        "qui finit par,terminada en,terminado en,termina en,terminacion,acaba en,final,terminado em,terminada em,"
        "termina em,terminante in,che termina con,finisce con,eindigend op,eindigt op,eindigt met,konczac*,"
        "koncowk*,koncici,konciaca,koncici na,slutter pa,slutar pa,ender pa,*loppu,paattyva,paattyy,vegzodes*,"
        "vegzod*,biten,bitis,terminat in,terminata in,se termina cu,care se termina,berakhiran,berakhir dengan,"
        "đuôi,kết thúc"
    ),
    "others": (
        "заканчив*,оканчив*,последние цифры,закінчу*,останні цифри,завършващ*,λήγει σε,λήγουσα,καταλήγει,"
        "*المنتهية,*المنتهي,ينتهي ب,تنتهي ب,ختم,*המסתיים,המסתיימת,מסתיים,समाप्त होने,समाप्त होता,अंतिम अंक,"
        "শেষ হওয়া,শেষ চার,ลงท้าย,尾号,尾號,末四位,末尾,下4桁,下四桁,で終わる,끝자리,뒷자리,끝나는,结尾,結尾"
    ),
}

# What numbers are called that stand for neither a code nor a topic. It claims the number after it.
LABEL = {
    "en": (
        "keypad,meter no,comment*,registration number,registration no,vehicle registration,dial in,conference,"
        "gate,bus,route,train,card,phone,tel,call,hotline,dial,ref,reference,txn,room,apartment,apt,case,case no,"
        "customer number,member,member number,id,serial,model,meter,policy,contract,amount,balance,total,points,"
        "platform,since,copyright,suite,po box,street,floor,unit,reply,short code,text stop to,sms to,fax,imei,"
        "vin,build,version,trace,iban,vat,reg no,registered in,company number,support line,bay,locker,hall,lane,"
        "year,population,edition,article,section,box,step count,steps,request id,helpline,call us on,"
        "queue number,number plate,plate,session id,incident,device id,request number,message id,request no,"
        "from number,voucher,win,license,licence"
    ),
    "de": (
        "kontonr,karte,telefon,anruf,rufnummer,referenz,vorgang*,zimmer,kundennummer,kundennr,vertrag*,betrag,"
        "saldo,guthaben,punkte,gleis,seit,vorgangsnummer,mitgliedsnummer,zahlerstand,aktenzeichen,seriennummer,"
        "zimmernummer,nummer,rufen sie,antworten sie mit,handelsregister,hrb,ust id,handynummer,tisch,zug,"
        "gerate id,ticketnummer"
    ),
    "fr": (
        "carte,telephone,appelez,appelez le,appel,dossier,chambre,numero client,contrat,montant,solde,voie,"
        "depuis,siret,rcs,numero de serie,porte,au numero,stop au,stop sms au,par sms au,n°,table"
    ),
    "es": (
        "tarjeta,telefono,llame,llame al,llama al,referencia,habitacion,contrato,monto,importe,puntos,anden,"
        "desde,numero de cliente,poliza,expediente,folio,al numero,nro,ref num,caso,movil,socio"
    ),
    "pt": (
        "cartao,telefone,ligue,ligue para,quarto,valor,pontos,plataforma,apolice,protocolo,nif,cnpj,sala,ligar,"
        "processo,entidade,matricula"
    ),
    "it": (
        "carta,chiama,chiami,riferimento,stanza,camera,numero cliente,contratto,importo,binario,dal,partita iva,"
        "p iva,pratica,numero verde,codice operazione,targa,treno"
    ),
    "nl": (
        "pas,kaart,telefoon,bel,bel naar,referentie,kamer,klantnummer,bedrag,spoor,sinds,kvk,polisnummer,"
        "dossiernummer,zaaknummer,meterstand,kenteken,lidnummer"
    ),
    "pl": (
        "karta,karty,zadzwon*,infolini*,referencj*,pokoj,numer klienta,umow*,kwot*,punkt*,peron,numer sprawy,"
        "zgloszeni*,nip,krs,polis*,numer karty,stan konta,wagon,numer pokoju,nr sprawy"
    ),
    "cs sk": (
        "kartou,volejte,volajte,zavolejte,cislo klienta,smlouv*,castka,zustatek,bod*,nastupiste,spis,ico,"
        "variabilni symbol,variabilny symbol,vs,zostatok,suma,izba,linka,linku,cislo uctu,spz,zmluv*"
    ),
    "sv da no": (
        "kort,kortet,ring,referens,rum,kundnummer,kundenummer,belopp,belob,poang,spar,sedan,siden,arendenummer,"
        "sagsnummer,medlemsnummer,orgnr,org nr,cvr,ocr,saksnummer,beløp,spor,rom,værelse,regnr,ärende,kundnr,"
        "ringe"
    ),
    "fi et": (
        "kortti*,puhelin*,soita,viite,viitenumero*,huone,asiakasnumero*,sopimus*,summa,pisteet,raide,y tunnus,"
        "jasennumero*,vuoro,vuoronumero*,puh,paatty*,diaarinumero*"
    ),
    "hu": (
        "kartya*,hivja,hivj*,hivatkozas*,szoba,ugyfelszam*,ugyfelkod*,szerzodes*,osszeg,egyenleg*,pont,vagany,"
        "ota,ugyszam*,adoszam*,torzsszam,sorszam*,cegjegyzek*,rendszam*,azonosito szam*,esetszam*"
    ),
    "ro": (
        "cardul,sunati,apelati,apeleaza,referinta,sold,soldul,puncte,linia,din anul,dosar,cui,numar client,"
        "polita,tichet,sunati la,numarul,inmatriculare,masa"
    ),
    "tr az": (
        "kart,kartiniz*,arayin,arayiniz,cagri merkezi,referans,islem no,oda,musteri no,sozlesme*,tutar,bakiye,"
        "puan,tarih*,dosya no,abone no,talep no,mersis,balans,plaka,sira no,poliçe,hattini,hattı,rezervasyon no,"
        "numarali"
    ),
    "hr sr sl bs": "kartica*,nazovite,pozovite,iznos,stanje,broj",
    "id ms": (
        "kartu,telepon,hubungi,referensi,kamar,nomor pelanggan,kontrak,jumlah,poin,sejak,kad,baki,no tiket,"
        "nomor antrian,no antrean,nomor tiket,plat,meja,id pelanggan,baki anda"
    ),
    "vi": (
        "công tơ,đồng hồ,thẻ,số thẻ,điện thoại,gọi,tổng đài,tham chiếu,phòng,hợp đồng,số tiền,số dư,sd,điểm,"
        "từ năm,hồ sơ,biển số,số thứ tự,mã số nhân viên,mã hồ sơ,liên hệ,mã kh"
    ),
    "ru": (
        "счет,счета,карта,карты,карту,карте,картой,телефон*,звоните,позвоните,по номеру,номер операции,комнат*,"
        "договор*,сумма,сумму,баланс*,остаток,балл*,бонус*,путь,с года,заявк*,обращени*,инн,огрн,тел,"
        "лицевой счет,л/с,талон*,полис*,поезд,вагон,отправьте на,очеред*,гос номер,доб,абонент*,квартир*,окно"
    ),
    "uk": (
        "рахунку,картк*,телефонуйте,кімнат*,договір*,сума,суму,залишок,бал*,колія,звернен*,єдрпоу,"
        "особовий рахунок,поліс*,потяг,черг*,дзвоніть"
    ),
    "bg sr": "обадете,салдо,налично*,позовите,износ",
    "el": (
        "κάρτα,κάρτας,τηλέφωνο,τηλ,καλέστε,κλήση,αναφορά*,δωμάτιο,συμβόλαιο*,ποσό,υπόλοιπο,πόντοι,αφμ,α.φ.μ,"
        "αριθμός πελάτη,αίτημα,υπόθεση*,αριθμός πρωτοκόλλου,πινακίδα*,αριθμό,θυρίδα"
    ),
    "ar": (
        "*بطاقة,*بطاقتك,*البطاقة,هاتف,الهاتف,اتصل,اتصل على,*مرجع,رقم المرجع,غرفة,عقد,*مبلغ,*رصيدك,*الرصيد,نقطة,"
        "رصيف,منذ,رقم العميل,بلاغ,تذكرة,رقم السجل,للاتصال,فرع,دور,لوحة,رقم العملية,رقم الحساب,اتصلوا,رقم المعاملة"
    ),
    "fa": (
        "کارت,شماره کارت,تلفن,تماس,اتاق,قرارداد,موجودی,مانده,امتیاز,سکو,پرونده,شماره مشتری,پلاک,بدهی,"
        "شماره پیگیری,شماره پرونده,اشتراک,شناسه قبض,شناسه,بارنامه,شماره,تیکت,سریال"
    ),
    "he": (
        "*כרטיס,*כרטיסך,טלפון,טל,חייגו,התקשרו,אסמכתא,*חדר,*חוזה,*סכום,*יתרה,*יתרתך,נקודות,רציף,מאז,פנייה,"
        "מספר לקוח,ח.פ,לפנייה,מספר,תיק,שלוחה,*פנייתך,מספר פנייה,לוחית"
    ),
    "hi mr ne": (
        "कार्ड,फोन,कॉल,संदर्भ,कमरा,अनुबंध,राशि,बैलेंस,शेष,अंक,प्लेटफॉर्म,शिकायत,ग्राहक संख्या,टिकट नंबर,"
        "हेल्पलाइन,नंबर पर,टोकन,शिकायत संख्या,ट्रेन,ए/सी,आवेदन संख्या,वाहन"
    ),
    "bn": (
        "কার্ড,ফোন,কল,রেফারেন্স,কক্ষ,চুক্তি,পরিমাণ,ব্যালেন্স,পয়েন্ট,অভিযোগ,গ্রাহক নম্বর,হেল্পলাইন,হটলাইন,নম্বরে,"
        "আবেদন নম্বর,মিটার,টোকেন,রোল"
    ),
    "th": (
        "บัตร,โทร,โทรศัพท์,อ้างอิง,ห้อง,สัญญา,จำนวน,ยอด,คงเหลือ,แต้ม,ชานชาลา,สายด่วน,หมายเลขลูกค้า,เลขที่,"
        "หมายเลขติดตาม,คิว,ทะเบียน,ref.,เลขพัสดุ,เลขมิเตอร์,หมายเลขเคส"
    ),
    "zh": (
        "电表,水表,号码,號碼,卡号,电话,致电,拨打,余额,金额,积分,房间,单号,编号,流水号,餘額,電話,金額,熱線,热线,"
        "案件,会员号,座位,车牌,工单,交易号,編號,單號,回复,回覆,客服,戶口,卡號,房号,房號,排队号,受理号,號碼牌,"
        "病历号,会员编号,序列号"
    ),
    "ja": (
        "メーター,カード番号,お電話,残高,ポイント,部屋,お客様番号,会員番号,整理番号,受付番号,管理番号,契約番号,"
        "号室,証券番号,取引番号,フリーダイヤル,車両番号,診察券番号,予約番号,内線,伝票番号,製造番号"
    ),
    "ko": (
        "계량기,카드번호,전화,잔액,금액,포인트,고객번호,회원번호,객실,대기번호,문의번호,승인금액,상담,계좌번호,"
        "차량번호,수신거부,무료수신거부,문의,콜센터,관리번호,호실,사건번호,잔여"
    ),
}

# What is for sale.
MARKET = {
    "en": (
        "digest,weekly,this week's,roundup,discount*,coupon*,sale,sales,% off,percent off,off your,"
        "off everything,checkout,offer,offers,deal,deals,save,saving,savings,promo,promotion*,free shipping,"
        "shop now,limited time,clearance,flash sale,cashback,rewards,new arrivals,free delivery,bonus,jackpot,"
        "black friday,order now,subscribe,newsletter,half price,buy one,tickets from,freebie,giveaway,prize,"
        "treat yourself,spins,odds"
    ),
    "de": (
        "*rabatt*,*gutschein*,angebot*,aktion,sparen,spare,schnappchen,gratis,versandkostenfrei,schlussverkauf,"
        "verlosung,gewinnspiel,sonderpreis,pramie*,bonuspunkte,ausverkauf"
    ),
    "fr": (
        "remise*,reduction*,soldes,offre*,bon d'achat,bons plans,livraison offerte,profitez,cadeau*,destockage,"
        "jeu concours,ventes privees"
    ),
    "es": (
        "descuento*,oferta*,rebajas,promocion*,ahorra,ahorro*,envio gratis,sorteo,aprovecha,cupones,regalo*,"
        "liquidacion"
    ),
    "pt": "desconto*,ofertas,promocao,promocoes,saldos,poupe,economize,frete gratis,sorteio,aproveite,brinde*",
    "it": (
        "sconto,sconti,offerta,offerte,saldi,promozione,promozioni,risparmi*,spedizione gratuita,approfitta,"
        "omaggio,concorso"
    ),
    "nl": "korting*,aanbieding*,uitverkoop,actie,bespaar,voordeel,winactie,cadeaubon",
    "pl": "rabat*,znizk*,promocj*,wyprzedaz*,oferty,taniej,okazj*,konkurs*",
    "cs sk": (
        "sleva,slevu,slevy,slev,akce,akci,vyprodej,zlava,zlavu,zlavy,akcia,nabidka,ponuka,zdarma,soutez*,"
        "vypredaj,sutaz*"
    ),
    "sv da no": "rea,erbjudande*,kampanj*,tilbud*,udsalg,salg,spara,spar penge,fri frakt,tavling*,konkurrence*",
    "fi et": "alennus,alennusta,tarjous,tarjouks*,ale,kampanja*,etu,saasta,arvonta,allahindlus*,soodus*",
    "hu": "kedvezmeny*,akcio,akcios,leertekel*,ajanlat*,nyeremeny*,ingyenes szallitas,vasarolj*",
    "ro": "reducere,reduceri,oferte*,promotie,promotii,economiseste,livrare gratuita,concurs,cadou",
    "tr az": "indirim*,kampanya*,firsat*,hediye*,ucretsiz kargo,cekilis*,endirim*",
    "hr sr sl bs": "popust*,akcija,rasprodaja",
    "id ms": "diskon*,gratis ongkir,hemat,penawaran,undian,diskaun*,jualan,tawaran,hadiah",
    "vi": "giảm giá,khuyến mãi,ưu đãi,miễn phí,trúng thưởng,quà tặng,giảm ngay,hoàn tiền,giảm tới",
    "ru": "скидк*,акци*,распродаж*,выгодн*,подарок*,подарк*,бесплатн*,розыгрыш*,купон*,успейте,кэшбэк*,предложени*",
    "uk": "знижк*,акці*,розпродаж*,подарун*,безкоштовн*,розіграш*,встигніть,кешбек*,пропозиц*",
    "bg sr": "отстъпк*,намален*,промоци*,попуст*,акциј*",
    "el": "έκπτωση*,εκπτώσε*,προσφορά*,προσφορές,δώρο,δωρεάν,κλήρωση,κερδίστε",
    "ar": "*خصم,*خصومات,*عروض,*عرض,تخفيضات,مجانا,*هدية,توصيل مجاني,وفر,سحب",
    "fa": "تخفیف*,حراج,جشنواره,رایگان,قرعه کشی,فروش ویژه,جایزه",
    "he": "הנחה,הנחות,מבצע,מבצעים,מתנה,משלוח חינם,חינם,הגרלה,סייל",
    "hi mr ne": "छूट,ऑफर,सेल,मुफ्त,कैशबैक,उपहार,बचत,इनाम,लकी ड्रॉ",
    "bn": "ছাড়,অফার,ফ্রি,ক্যাশব্যাক,উপহার,মূল্যছাড়,পুরস্কার,সেল",
    "th": "ส่วนลด,โปรโมชั่น,ลดราคา,ฟรี,คูปอง,แจกฟรี,ลุ้นรับ,ลดสูงสุด,สะสมแต้ม",
    "zh": "优惠,折扣,促销,特价,满减,红包,包邮,優惠,特價,促銷,抽獎,抽奖,退订,秒杀,退訂,回馈,拒收请回复",
    "ja": "割引,セール,クーポン,キャンペーン,送料無料,お得,プレゼント,オフ,抽選,配信停止",
    "ko": "할인,쿠폰,이벤트,세일,무료배송,혜택,특가,경품,사은품,(광고)",
}
