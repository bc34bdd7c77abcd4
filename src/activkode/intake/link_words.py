"""Words in the wording and the address of a link that tell a verification link from any other: data only.

What the wording says for it stands in `code_words.VERIFY`; here is the rest. The form is that of `code_words`.
"""

# Wordings that do not say what they confirm, but are what such buttons say.
NEUTRAL = (
    "paste this,paste,use this link,this address,this is my email,open this,click here,continue,"
    "get started,let's go,yes,it's me,yes it's me,complete,finish,this link,proceed,"
    "take me in,open quickly,go to,"
    "hier klicken,weiter,it is mine,fortfahren,abschliessen,loslegen,diesen link,cliquez ici,continuer,terminer,"
    "commencer,ce lien,haz clic,"
    "haga clic,continuar,completar,comenzar,empezar,pulsa aqui,clique aqui,concluir,comecar,clicca qui,"
    "continua,completa,inizia,"
    "klik hier,doorgaan,voltooien,aan de slag,kliknij*,kontynuuj,dokoncz*,przejdz,kliknete,kliknutim,"
    "pokracovat,dokoncit,klicka har,"
    "fortsatt,slutfor,klik her,fortsaet,klikk her,napsauta,jatka,viimeistele,kattints*,tovabb,folytat*,"
    "befejez*,click aici,apasa,"
    "continua,finalizeaza,tiklayin*,devam*,tamamla*,klik di sini,lanjutkan,selesaikan,nhan vao,bam vao,"
    "tiep tuc,hoan tat,"
    "нажмите,перейти,перейдите,продолжить,натисніть,перейти,продовжити,κάντε κλικ,συνέχεια,πατήστε,"
    "ολοκλήρωση,"
    "اضغط هنا,انقر هنا,متابعة,استمرار,کلیک کنید,ادامه,לחצו כאן,לחץ כאן,המשך,להמשך,यहाँ क्लिक,यहां क्लिक,"
    "जारी रखें,आगे बढ़ें,"
    "এখানে ক্লিক,চালিয়ে যান,คลิกที่นี่,ดำเนินการต่อ,点击,点此,继续,點擊,點此,繼續,こちら,クリック,"
    "続ける,進む,完了,여기를 클릭,계속,클릭,바로가기"
)

# Wordings of links that stand beside the one that matters, or in mail of another purpose.
OTHER = (
    "unsubscribe*,opt out,preferences,manage*,privacy,terms,imprint,view in browser,view online,"
    "web version,help,support,contact us,"
    "faq,wasn't me,not me,not you,was not you,secure my account,secure your account,report*,deny,decline,"
    "cancel*,delete,download*,app store,"
    "shop now,shop,track*,view order,see offer*,read more,learn more,follow us,blog,homepage,website,"
    "reset*,change your password,"
    "change password,settings,notification*,refer*,upgrade,invoice*,receipt,survey,rate us,review*,"
    "forgot*,abuse,"
    "abmelden,abbestellen,newsletter,einstellungen,datenschutz*,impressum,agb,hilfe,kontakt,nicht ich,"
    "melden,im browser ansehen,im browser offnen,online ansehen,zurucksetzen,"
    "ablehnen,herunterladen,sendung*,jetzt kaufen,desabonner*,desinscri*,desinscription,preferences,"
    "confidentialite,mentions legales,"
    "aide,contact,nous contacter,voir dans le navigateur,version en ligne,reinitialis*,refuser,"
    "telecharger,signaler,suivre mon,"
    "darse de baja,cancelar suscrip*,preferencias,privacidad,"
    "ayuda,contacto,ver en el navegador,ver en navegador,restablecer,rechazar,descargar,rastrear,"
    "ver oferta*,dar de baja,anular,"
    "cancelar a subscricao,cancelar inscricao,"
    "privacidade,ajuda,redefinir,recusar,descadastrar,annulla l'iscrizione,disiscriv*,annulla iscrizione,"
    "preferenze,assistenza,reimposta*,rifiuta,scarica,"
    "afmelden,uitschrijven,voorkeuren,privacybeleid,hulp,wachtwoord opnieuw,weigeren,volg je,wypisz*,"
    "zrezygnuj,anuluj subskrypcj*,preferencj*,"
    "prywatnosc*,pomoc,regulamin,zresetuj*,odrzuc,pobierz,odhlasit*,odhlaste,odhlas*,nastaveni,"
    "ochrana osobnich,napoveda,obnovit heslo,odmietnut,"
    "avsluta prenumeration*,avregistrera*,installningar,integritet*,hjalp,aterstall*,afmeld*,avmeld*,"
    "peruuta*,asetukset,tietosuoja*,ohje,nollaa*,"
    "leiratkoz*,beallitas*,adatvedel*,sugo,segitseg,visszaallit*,dezabon*,preferinte,confidentialitate,"
    "ajutor,reseteaza*,abonelikten*,listeden cik*,"
    "ayarlar*,gizlilik*,yardim,sifremi unuttum,berhenti berlangganan,preferensi,privasi,bantuan,"
    "atur ulang,huy dang ky,cai dat,quyen rieng tu,tro giup,"
    "отписат*,отпиш*,настройк*,конфиденциальн*,помощь,поддержк*,сбросить,это не я,это был не,отказаться,"
    "відписат*,налаштуван*,конфіденційн*,"
    "допомог*,підтримк*,скинути,це не я,διαγραφ*,ρυθμίσεις,απορρήτου,βοήθεια,επικοινωνία*,επαναφορά*,"
    "إلغاء*,تفضيلات,الخصوصية,مساعدة,الدعم,"
    "إعادة تعيين,لغو اشتراک,لغو عضویت,تنظیمات,حریم خصوصی,راهنما,پشتیبانی,بازنشانی,הסר*,להסרה,הגדרות,"
    "פרטיות,עזרה,תמיכה,איפוס,זה לא אני,"
    "सदस्यता समाप्त,सदस्यता रद्द,गोपनीयता,सहायता,प्राथमिकताएं,रीसेट,আনসাবস্ক্রাইব,সদস্যতা ত্যাগ,"
    "গোপনীয়তা,সহায়তা,সেটিংস,রিসেট,"
    "ยกเลิกการ,ยกเลิก,ตั้งค่า,ความเป็นส่วนตัว,ช่วยเหลือ,รีเซ็ต,退订,取消订阅,隐私,帮助,设置,重置,退訂,"
    "取消訂閱,隱私,說明,重設,客服,配信停止,"
    "プライバシー,ヘルプ,設定,お問い合わせ,再設定,登録解除,수신거부,구독 취소,구독취소,개인정보,도움말,"
    "설정,재설정,고객센터"
)

# Parts of an address. They are compared with whole words of path and query.
FOR_IT = (
    "session passwordless verify verification verified verifier verifyemail verif confirm confirmation confirmed confirmer "
    "activate activation activar ativar "
    "validate validation magic magiclink magic-link signin sign-in login log-in auth authenticate "
    "callback optin opt-in register registration "
    "signup passwordless onetime one-time otp token confirm-email verify-email email-verification "
    "aktivieren bestaetigen bestatigen conferma "
    "confirmar verificar potwierdz aktywuj overit potvrdit bekrafta bekraeft vahvista megerosites "
    "confirmare dogrula onay konfirmasi "
    "aktivasi xac-nhan kich-hoat invite-accept join welcome account-confirm registrieren freischalten "
    "activeer bevestig accept key hash code ticket"
)
# Beginnings of such words, in many languages.
STEMS_FOR_IT = (
    "verif confirm activ aktiv aktyw attiv valid authent bestatig bestaetig freischalt registr potwierd "
    "potvrd overen "
    "megerosit vahvist bekraft bekraeft dogrula onayla konfirm"
)
AGAINST_IT = (
    "unsubscribe unsub optout opt-out preferences prefs privacy terms legal help support faq contact "
    "about blog news shop store product products "
    "sale offer offers deals promo pixel open track tracking parcel delivery order orders invoice "
    "receipt webversion browser view-online reset "
    "reset-password password-reset forgot report abuse deny cancel delete appstore download app apps img "
    "images image static assets cdn logo "
    "css fonts survey review rate feedback appointment booking reservation rsvp manage settings "
    "notifications refer referral campaign"
)
FILES = "png jpg jpeg gif svg webp css js ico pdf ics woff"
