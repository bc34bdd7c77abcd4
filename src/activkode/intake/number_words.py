"""Words that claim a number for something else than a code, by false name or by business: data only, no decisions.

The form is that of `code_words`; each phrase stands in one table only.
"""

# "Code" in name, but nothing that proves who one is. The number after it is not a code.
FALSE_CODE = {
    "en": (
        "code of ethics,code of practice,code of honour,code of honor,api key,house key,room key,key ring,"
        "product key,license key,public key,promo code*,promocode*,promotion code*,promotional code*,"
        "discount code*,coupon code*,couponcode*,voucher code*,gift code*,offer code*,zip code*,zipcode*,"
        "postal code*,postcode*,post code*,area code*,country code*,dress code*,qr code*,qrcode*,bar code*,"
        "barcode*,source code*,error code*,gate code*,door code*,locker code*,pickup code*,pick up code*,"
        "collection code*,referral code*,invite code*,invitation code*,booking code*,reservation code*,"
        "booking confirmation,confirmation number,code of conduct,swift code*,sort code*,dialling code*,"
        "dialing code*,ifsc code*,tax code*,product code*,item code*,sku code*,code editor,code review*,"
        "learn to code,coding*,encod*,decod*,wifi password,wi fi password,wi fi code,parcel code*,parcel pin,"
        "locker pin,delivery code*,tracking code*,class code*,course code*,reference code*,code red,hotel code*,"
        "unlock code for your parcel,reward code*,redeem code*,redemption code*,savings code*,partner code*,"
        "branch code*,station code*,response code*,status code*,colour code*,color code*,penal code,"
        "building code*,wifi code,gift card code*,license code*,repair code*,fault code*,bank code*,cheat code*,"
        "return code*,checkin code*,check in code*,guest code*,parking code*,table code*,queue code*,group code*,"
        "friend code*,event code*,ticket code*,customer code*,discount pin,pin code area,pincode of,morse code*,"
        "code freeze,code word of the week,code camp*,unsubscribe code*"
    ),
    "de": (
        "gutscheincode*,gutschein code,rabattcode*,rabatt code,aktionscode*,postleitzahl*,plz,abholcode*,"
        "*abhol pin,torcode*,turcode*,empfehlungscode*,einladungscode*,buchungscode*,strichcode*,vorteilscode*,"
        "fehlercode*,sendungscode*,landercode*,paketcode*,bonuscode*,*teilnahmecode,bankleitzahl,blz,"
        "wlan passwort,wlan kennwort,schliessfachcode*,kundenkennung,retourencode*,parkcode*,bestatigungsnummer*"
    ),
    "fr": (
        "code postal*,code promo*,code barre*,code de reduction,codes de reduction,code avantage*,code cadeau*,"
        "code de retrait,code parrain*,code remise,code porte,code d'entree,code immeuble,code d'erreur,"
        "code article,code de reservation,code qr,code de suivi,code casier,code colis,cle wifi,code wifi,"
        "code client,code partenaire,code fidelite,code de la route,digicode*"
    ),
    "es": (
        "codigo postal*,codigo promocional*,codigo de descuento,codigo descuento,codigo de barras,codigo qr,"
        "codigo de seguimiento,codigo de recogida,codigo de reserva,codigo de error,codigo de area,"
        "codigo de producto,codigo de regalo,codigo de invitacion,codigo de cliente,clave wifi,clave del wifi,"
        "codigo de puerta,codigo penal,codigo de referido,codigo de retiro,cupon*,codigo de taquilla,"
        "codigo de rastreo,codigo de envio,codigo civil"
    ),
    "pt": (
        "codigo de desconto,codigo de rastreio,codigo de rastreamento,cep,codigo da reserva,"
        "codigo de levantamento,codigo de retirada,senha do wifi,senha de atendimento,codigo de erro,cupom,cupao,"
        "codigo do produto,codigo de indicacao,codigo da encomenda,codigo de recolha,senha wifi"
    ),
    "it": (
        "codice postale,codice sconto,codice promo*,codice a barre,codice fiscale,codice qr,codice di ritiro,"
        "codice ritiro,codice cliente,codice prenotazione,codice di prenotazione,codice errore,codice articolo,"
        "cap,codice coupon,codice amico,codice civile,codice spedizione,codice di tracciamento,codice regalo,"
        "codice invito,codice locker,password wifi"
    ),
    "nl": (
        "kortingscode*,actiecode*,streepjescode*,afhaalcode*,ophaalcode*,boekingscode*,foutcode*,vouchercode*,"
        "cadeaucode*,toegangscode voor het gebouw,track en trace code,landcode*,kluiscode*,uitnodigingscode*,"
        "deurcode*,vriendencode*,wifi wachtwoord"
    ),
    "pl": (
        "kod pocztow*,kod rabat*,kod promo*,kod kreskow*,kod odbioru,kod do paczki,kod qr,kod zapros*,kod bledu,"
        "kod znizk*,kod do bramy,kod do drzwi,kod polecaj*,kod rezerwac*,kodem rabat*,kodem promo*,kodu promo*,"
        "kodu rabat*,kod do skrytki,kod paczki,haslo do wifi"
    ),
    "cs sk": (
        "slevovy kod*,slevovym kod*,promo kod*,psc,carovy kod*,kod zasilky,kod pro vyzvednuti,kod k vyzvednuti,"
        "slevovy kupon*,zlavovy kod*,qr kod*,kod rezervace,darkovy kod*,kod zbozi,kod na vyzvednutie,"
        "heslo k wifi,kod zavady,chybovy kod*,zlavovym kodom"
    ),
    "sv da no": (
        "rabattkod*,rabatkode*,rabattkode*,postkod*,postnummer*,streckkod*,stregkode*,strekkode*,kampanjkod*,"
        "portkod*,bokningskod*,hentekode*,upphamtningskod*,felkod*,gavekode*,varvningskod*,qr kode*,bookingkode*,"
        "landskod*,avhamtningskod*,presentkod*,pakkekode*,dorkode*,vaerdikode*,varderingskod*,wifi kode*,"
        "wifi losenord*,kupongkod*,bestallningskod*"
    ),
    "fi et": (
        "alennuskoodi*,postinumero*,viivakoodi*,noutokoodi*,ovikoodi*,tarjouskoodi*,etukoodi*,varauskoodi*,"
        "qr koodi*,avauskoodi*,kampanjakoodi*,maakoodi*,virhekoodi*,lahjakoodi*,soodustuskood*,seurantakoodi*,"
        "tuotekoodi*,kaappikoodi*,postiindeks"
    ),
    "hu": (
        "kuponkod*,iranyitoszam*,vonalkod*,atveteli kod*,kapukod*,kedvezmenykod*,promocios kod*,foglalasi kod*,"
        "hibakod*,kupon*,ajanlokod*,cikkszam*,csomagkod*,ajandekkod*,wifi jelszo*,akcios kod*,rekeszkod*"
    ),
    "ro": (
        "cod postal*,codul postal*,cod promo*,codul promo*,codul de reducere,cod de reducere,cod de bare,cod awb,"
        "cod de ridicare,cod qr,codul voucher*,cod voucher,cod rezervare,codul de ridicare,cod client,cod produs,"
        "cod fiscal,codul rezervarii,cod de eroare,cod amount,cod order*,cod value,parola wifi,codul cadou,"
        "cod cadou,cod interfon,codul coletului"
    ),
    "tr az": (
        "indirim kodu*,kampanya kodu*,posta kodu*,alan kodu*,kargo kodu*,teslimat kodu*,davet kodu*,karekod*,"
        "hediye kodu*,kupon kodu*,promosyon kodu*,rezervasyon kodu*,hata kodu*,urun kodu*,wifi sifre*,"
        "takip kodu*,barkod*,teslim kodu*,kapi kodu*,dolap kodu*"
    ),
    "hr sr sl bs": "kod za popust,postanski broj,kod za preuzimanje,sifra artikla",
    "id ms": (
        "kode pos,kode promo*,kode voucher*,kode diskon*,kode resi,kode booking*,kode referral*,kode undangan,"
        "kode qr,kode unik transfer,kode barang,kode pengambilan,kode pesanan,kode kupon,kod promosi,kod pos,"
        "kod diskaun,kode error,kode loker,kata sandi wifi,poskod*"
    ),
    "vi": (
        "mã giảm giá,mã khuyến mãi,mã vận đơn,mã bưu điện,mã bưu chính,mã đơn hàng,mã vạch,mã giới thiệu,"
        "mã ưu đãi,mã đặt chỗ,mã đặt phòng,mã khách hàng,mã giao dịch,mã sản phẩm,mã nhận hàng,mã lỗi,"
        "mật khẩu wifi,mã tủ,mã hóa đơn,mã số thuế,mã voucher,nhập mã giảm,mã quà,mã kiện,mã bưu kiện,mã vé,"
        "mã phiếu,mã lịch hẹn"
    ),
    "ru": (
        "промокод*,промо код*,код скидки,почтов* код*,код получения,штрихкод*,штрих код*,код домофона,"
        "код посылки,qr код*,код ошибки,код товара,код брони*,код подъезда,кодекс*,пин конверт*,почтовый индекс,"
        "индекс,код купона,кодов купона,код выдачи,кодиров*,код города,код страны,код ячейки,код приглашения,"
        "код заказа,пароль от wi fi,пароль от вай фай,код для получения,дресс код,сертификат с кодом,код двери"
    ),
    "uk": (
        "поштовий індекс,код отримання,код посилки,код знижки,код товару,код броні*,код помилки,індекс,"
        "код комірки,код домофону,код для отримання,код запрошення,пароль від wi fi,код міста"
    ),
    "bg sr": "код за отстъпка,пощенски код,код за получаване,код за попуст,поштански број",
    "el": (
        "εκπτωτικός κωδικός,εκπτωτικό κωδικό,κωδικός έκπτωσης,κωδικό έκπτωσης,ταχυδρομικός κώδικας,"
        "ταχυδρομικός κωδικός,τ.κ,κωδικός παραλαβής,κωδικό παραλαβής,κωδικός αποστολής,κωδικός κράτησης,"
        "κωδικό προσφοράς,κωδικός προϊόντος,κωδικός δέματος,κωδικός προσφοράς,κουπόνι*,κωδικός σφάλματος,"
        "κωδικός wifi,κωδικός πρόσκλησης,κωδικός πελάτη,κωδικό κράτησης,κωδικός θυρίδας"
    ),
    "ar": (
        "الرمز البريدي,رمز بريدي,كود الخصم,كود خصم,رمز الخصم,رمز ترويجي,الرمز الترويجي,رمز الاستلام,كود الاستلام,"
        "رمز الشحنة,قسيمة*,كوبون*,*الباركود,رمز الحجز,كود الدعوة,رمز المنتج,رمز الباب,رمز الدولة,كود التخفيض,"
        "كلمة سر الواي فاي,رمز التتبع,رمز الطرد,رمز الخطأ"
    ),
    "fa": (
        "کد تخفیف,کدتخفیف,کد پستی,کدپستی,کد رهگیری,کد مرسوله,کد دعوت,کد معرف,کد ملی,کد تحویل,بارکد,کد رزرو,"
        "کد کالا,کد سفارش,کد پیگیری,کد هدیه,کد نوبت,رمز وای فای,کد خطا,کد محصول,کد شعبه"
    ),
    "he": (
        "קוד הנחה,קוד קופון,קופון,מיקוד,קוד איסוף,קוד משלוח,ברקוד,קוד הזמנה,קוד מבצע,קוד לשער,קוד הטבה,קוד לדלת,"
        "קוד לוקר,קוד מוצר,קוד שגיאה,סיסמת wifi,סיסמת וויי פיי,קוד חבילה,קוד לאיסוף,קוד הכניסה לבניין"
    ),
    "hi mr ne": (
        "प्रोमो कोड,कूपन कोड,पिनकोड,पिन कोड,डिस्काउंट कोड,रेफरल कोड,बारकोड,क्यूआर कोड,कूपन,डिलीवरी कोड,ऑफर कोड,"
        "पिकअप कोड,छूट कोड,आईएफएससी कोड,एरर कोड,वाईफाई पासवर्ड"
    ),
    "bn": (
        "প্রোমো কোড,কুপন কোড,পোস্ট কোড,ডিসকাউন্ট কোড,রেফারেল কোড,কুপন,পোস্টাল কোড,বারকোড,ডেলিভারি কোড,অফার কোড,"
        "ট্র্যাকিং কোড,পার্সেল কোড,ভাউচার কোড,ছাড়ের কোড"
    ),
    "th": (
        "รหัสไปรษณีย์,รหัสพัสดุ,รหัสสินค้า,รหัสส่วนลด,โค้ดส่วนลด,รหัสรับพัสดุ,รหัสติดตาม,รหัสคูปอง,รหัสจอง,"
        "โค้ดลด,รหัสการจอง,รหัสลูกค้า,รหัสวายฟาย,รหัสรับสินค้า,รหัสตู้,รหัสนักศึกษา,รหัสพนักงาน,รหัสข้อผิดพลาด,"
        "รหัสสาขา,รหัสโปรโมชั่น,กรอกโค้ด,ใช้โค้ด,รหัสไวไฟ"
    ),
    "zh": (
        "扫码,掃碼,付款码,收款码,乘车码,健康码,编码,編碼,数码,數碼,解码,源码,源碼,页码,頁碼,条形码,车牌号码,"
        "推广码,序列码,会员码,小程序码,入场码,检票码,票码,优惠码,邀请码,取件码,取货码,邮政编码,邮编,条码,二维码,"
        "提货码,兑换码,折扣码,優惠碼,取貨碼,取件碼,郵遞區號,條碼,兌換碼,折扣碼,邀請碼,门禁密码,wifi密码,箱码,"
        "柜码,开柜码,预订码,核销码,推薦碼,推荐码,错误代码,錯誤代碼,wifi密碼,快递单号,包裹密码,开门密码,股票代码,"
        "商品代码,领取码,門禁密碼"
    ),
    "ja": (
        "クーポンコード,割引コード,バーコード,qrコード,プロモーションコード,郵便番号,招待コード,紹介コード,"
        "受取番号,受取コード,キャンペーンコード,二次元コード,商品コード,エラーコード,ギフトコード,予約コード,"
        "宅配ボックス暗証番号,宅配ボックスの暗証番号,wi-fiパスワード,シリアルコード,特典コード,シークレットコード"
    ),
    "ko": (
        "쿠폰코드,쿠폰 코드,할인코드,할인 코드,우편번호,바코드,추천코드,초대코드,qr코드,픽업코드,보관함 비밀번호,"
        "프로모션 코드,공동현관 비밀번호,추천 코드,상품코드,예약코드,픽업 코드,오류 코드,와이파이 비밀번호,"
        "무인택배함 비밀번호,큐알코드,할인 쿠폰,락커 비밀번호,보관함 비번"
    ),
}

# What business a message is about when it is not about proving who one is. It claims the number after it.
TOPIC = {
    "en": (
        "event,events,open evening,workshop*,training,concert,join us,race,classes,order,orders,invoice*,parcel*,"
        "shipment*,package,delivery,delivered,courier,tracking,consignment,booking,reservation,flight,"
        "appointment*,ticket,shipped,dispatched,receipt,refund*,bill,dentist,check in,table for,"
        "subscription renew*,survey,pickup,collect it,pick up,passenger*,seat,statement,payslip,prescription*,"
        "rsvp,meeting,webinar,itinerary,delivery slot"
    ),
    "de": (
        "bestellung*,rechnung*,paket*,sendung*,lieferung*,zustellung*,buchung*,reservierung*,flug,termin*,"
        "auftrag*,sendungsnummer*,bestellnummer*,erstattung,kontoauszug,rezept,umfrage,zahnarzt*"
    ),
    "fr": (
        "commande*,facture*,colis,livraison*,livreur,rendez vous,vol,rdv,n° de suivi,numero de suivi,"
        "remboursement*,ordonnance*,billet*,enquete,releve,expedie*"
    ),
    "es": (
        "pedido*,factura*,paquete*,envio,envios,entrega*,reserva,reservas,cita,citas,vuelo*,seguimiento,"
        "reembolso*,repartidor,guia,encuesta,boleto*,receta,turno"
    ),
    "pt": "encomenda*,fatura*,consulta,voo,rastreio,rastreamento,recibo,pesquisa,bilhete*,exame",
    "it": (
        "prenotazion*,ordine,ordini,fattura*,pacco,spedizione*,consegna*,appuntamento*,prenotazione*,volo,"
        "corriere,rimborso,bolletta,biglietto,visita"
    ),
    "nl": (
        "bestelling*,factuur*,pakket*,zending*,bezorg*,levering*,afspraak*,boeking*,vlucht,*reservering,"
        "bestelnummer,recept"
    ),
    "pl": "zamowieni*,faktur*,paczk*,przesylk*,dostaw*,wizyt*,rezerwacj*,lot,kurier*,zwrot*,rachun*,bilet*",
    "cs sk": "objednavk*,zasilk*,balik*,balic*,doruc*,rezervac*,let,kuryr*,zasielk*,navstev*,uctenk*,letenk*",
    "sv da no": (
        "bestallning*,faktura*,paketet,pakke,pakken,leverans*,bokning*,tid hos,ordre*,ordrenummer,forsendelse*,"
        "avisering,tandlakar*,sendingen,ordernummer,bestilling*"
    ),
    "fi et": (
        "tilaus*,lasku,laskun,laskusi,paketti*,pakettisi,lahetys*,toimitus*,varaus*,ajanvaraus*,tellimus*,arve,"
        "resepti*,aika varattu,saapumisilmoitus"
    ),
    "hu": "rendeles*,szamla*,csomag*,kiszallitas*,foglalas*,idopont*,futar*,szallitm*,szamlaszam*",
    "ro": (
        "comanda,comenzii,comenzi,facturii,coletul*,colet,livrare*,livrat*,programare*,programarea,rezervare*,"
        "curier*,zbor*,awb,retet*"
    ),
    "tr az": "siparis*,kargo*,gonderi*,teslimat*,teslim,randevu*,rezervasyon*,ucus*,sifaris*,recete*,ekstre*",
    "hr sr sl bs": "narudzb*,porudzbin*,racun*,posiljk*,dostav*",
    "id ms": "pesanan,tagihan,resi,pengiriman,kurir,janji temu,reservasi,penerbangan,kiriman,invois,tempahan",
    "vi": (
        "đơn hàng,hóa đơn,vận đơn,bưu kiện,giao hàng,lịch hẹn,đặt chỗ,chuyến bay,bưu phẩm,shipper,kiện hàng,"
        "đặt phòng,lịch khám"
    ),
    "ru": (
        "заказ*,счет на,посылк*,доставк*,доставлен*,запис*,бронь,бронирован*,рейс*,курьер*,трек,трек номер,"
        "накладн*,отправлени*,квитанц*,приём,чек,возврат*"
    ),
    "uk": "замовлен*,рахунок*,посилк*,бронюван*,кур'єр*,ттн,відправлен*,прийом,візит*",
    "bg sr": "поръчк*,пратк*,фактур*,наруџбин*,пошиљк*",
    "el": (
        "παραγγελία*,δέμα,δέματος,αποστολή*,παράδοση*,ραντεβού,κράτηση,κράτησης,τιμολόγιο*,πτήση*,κούριερ,"
        "αποστολής,συνταγή*"
    ),
    "ar": (
        "*طلبك,*طلبكم,رقم الطلب,*شحنتك,*الشحنة,*فاتورة,*فاتورتك,*موعدك,*موعد,*حجزك,*رحلة,*طردك,*توصيل,*الفاتورة,"
        "*مندوب"
    ),
    "fa": "سفارش*,مرسوله*,بسته,فاکتور*,نوبت,رزرو,پرواز*,پیک,قبض,صورتحساب,پستی",
    "he": "*הזמנה,*הזמנתך,*משלוח,*חבילה,*חבילתך,*חשבונית,*תור,*התור,*טיסה,*שליח,*הזמנת",
    "hi mr ne": "ऑर्डर,पार्सल,डिलीवरी,बिल,बुकिंग,अपॉइंटमेंट,शिपमेंट,पीएनआर,चालान,कूरियर,डिलिवरी,टिकट",
    "bn": "অর্ডার,পার্সেল,ডেলিভারি,বিল,বুকিং,অ্যাপয়েন্টমেন্ট,চালান,সিরিয়াল,ফ্লাইট,টিকিট,কুরিয়ার",
    "th": "พัสดุ,คำสั่งซื้อ,ใบแจ้งหนี้,นัดหมาย,จัดส่ง,การจอง,เที่ยวบิน,ออเดอร์,นัดพบ,แจ้งค่า,ใบเสร็จ,ค่าไฟ",
    "zh": (
        "订单,快递,包裹,预约,航班,发票,账单,快遞,訂單,預約,帳單,運單,运单,驿站,配送,物流,發票,订座,挂号,车次,取餐"
    ),
    "ja": "ご注文,注文番号,お届け,予約,請求書,便名,荷物,宅配,追跡番号,お問い合わせ番号,お支払,発送,伝票",
    "ko": "주문,택배,배송,예약,청구서,운송장,송장,항공편,진료,영수증,배달,접수번호",
}
