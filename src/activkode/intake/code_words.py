"""Words by which a message says that it carries a code, language by language: data only, no decisions.

A phrase stands as it is written in its language; `*` before or after it lets letters follow on that side. Each
phrase must stand in one table only, and a table must never hold a brand.
"""

# What a code is called. The number that such a word points to is the code.
CODE = {
    "en": (
        "digits are,digits below,following digits,confirmation digits,verification digits,secret digits,"
        "backup key,recovery key,access key,security key,rescue key,restore key,login key,numbers below,auth key,"
        "entry number,*code,*codes,*passcode,*passcodes,otp,otps,pin,pins,one time password,password,token,tac,"
        "passkey number,one time pin,verification number,security number,login number,passnumber"
    ),
    "de": (
        "*schlussel,prufziffer*,zahlenfolge,sicherheitsnummer,kennwort,*passwort,tan,mtan,smstan,pushtan,"
        "geheimzahl,*kennziffer,*kennung,ziffernfolge,zahlencode"
    ),
    "fr": "cle de,cle,mot secret,mot de passe,mdp,codes secrets,chiffres suivants,cle d'acces,cle temporaire",
    "es": "llave*,numero secreto,codigo*,clave*,contrasena*",
    "pt": "chave*,senha*,palavra passe,palavra chave",
    "it": "chiave*,*cifre,numero segreto,codice*,codici,parola d'ordine,chiave d'accesso",
    "nl": "*sleutel,tan code,*wachtwoord,*toegangscode,*cijfercode,*pincode",
    "pl": "klucz*,szyfr,*kod,kodu*,kodem,kody,kodow,kodzie,haslo,hasla,haslem",
    "cs sk": "heslem,kodom,klic,klice,kluc,kluca,kodik,heslo,hesla,koda",
    "sv da no": (
        "*nyckel,*nyckeln,*nogle,*noglen,*nokkel,engangspin,*kodord,*koden,*kode,*koder,*losenord,*losenordet,"
        "*adgangskode,*adgangskoden,*passord,*kodeord,*kodet"
    ),
    "fi et": "*avain,*avaimesi,numerosarja,*koodi*,*tunnusluku*,*tunnusluvu*,*salasana*,*kood,*parool*",
    "hu": "*koddal,*kulcs,*kulcsod,szamsor,*kodja*,*kodj*,*kodod*,*kodot,*kodunk,*jelszo*,*azonositokod*",
    "ro": "cheia,cheie,cod,codul*,parola*",
    "tr az": "anahtar*,kodun*,kodunuz*,sifre*,sifresi*,*parolaniz*",
    "hr sr sl bs": "lozinka,lozinku,lozinke,sifra,geslo,kodo",
    "lt lv": "kodas,kods,kodi,slaptazodis,parole",
    "id ms": "kunci,angka berikut,kodenya,kata sandi,sandi,kata laluan,nombor tac,kata kunci,nomor verifikasi",
    "vi": (
        "bằng mã,với mã,mã bí mật,có mã,mã số,theo mã,đây là mã,mã:,khóa khôi phục,mã số bí mật,mã xác thực,"
        "mã xác nhận,mã xác minh,mã otp,mã đăng nhập,mã bảo mật,mã kích hoạt,mã pin,mã kiểm tra,mật khẩu,"
        "mã đăng ký,mã của bạn,mã dùng một lần,mã một lần,mã truy cập,nhập mã,mã mở khóa,mã an toàn,mã gồm,"
        "mã số xác,mã là,mã này,dãy số,mã sau,mã khôi phục,mã liên kết,mã ủy quyền,mã phê duyệt"
    ),
    "fil sw": "nambari ya siri,msimbo*,namba ya siri",
    "sq": "fjalekalimi",
    "ru": (
        "кодовое слово,ключ,ключа,ключом,комбинация,пароля,*код,кода,коду,кодом,коде,*коды,кодов,пароль,паролем,"
        "паролю,пин,*шифр"
    ),
    "uk": "кодове слово,пін,ключем,комбінація,кодові",
    "bg sr": "кодът,парола,паролата,лозинка,шифра,кодот",
    "kk ky": "құпия сөз,кодыңыз",
    "el": "κλειδί,κλειδιού,κωδικός,κωδικό,κωδικού,κωδικοί,κωδικούς,συνθηματικό,συνθηματικού,pin σας",
    "ka hy": "კოდი*,*կոդ*,კოდ*",
    "ar": (
        "*مفتاح,الأرقام التالية,*رمز,*رمزك,*كود,*الكود,كلمة المرور,كلمة السر,رقم التحقق,رقم سري,الرقم السري,"
        "رقم التأكيد,رمزكم,كودك"
    ),
    "fa": "کلید,*کد,کدتان,گذرواژه,پسورد,کدهای,شماره تایید,عبارت عبور",
    "ur": "کوڈ,پاس ورڈ,او ٹی پی",
    "he": "*מפתח,סיסמתכם,*קוד,*הקוד,קודך,*סיסמה,*סיסמת,*סיסמתך,מספר אימות,ססמה,*סיסמא",
    "hi mr ne": "कुंजी,कोड़,अंकों का,ओटीपी,पासवर्ड,पिन,पासकोड,कूट संख्या,गुप्त संख्या,गुप्त अंक",
    "bn": "চাবি,সংকেত,কোড,ওটিপি,পাসওয়ার্ড,পিন,গোপন নম্বর,গোপন সংখ্যা",
    "ta te ml kn gu pa si": "குறியீடு,கோட்,கடவுச்சொல்,కోడ్,ఓటీపీ,കോഡ്,ಕೋಡ್,કોડ,ઓટીપી,ਕੋਡ,ਓਟੀਪੀ,කේතය",
    "th": "กุญแจ,รหัส,โอทีพี,พาสเวิร์ด,พาสโค้ด,โค้ด",
    "km my lo am": "លេខកូដ,កូដ,ကုဒ်,ລະຫັດ,ኮድ",
    "zh": (
        "暗号,暗號,码,碼,密钥,密鑰,口令,验证码,校验码,动态码,确认码,激活码,登录码,登陆码,安全码,随机码,识别码,"
        "动态密码,密码,驗證碼,認證碼,校驗碼,動態密碼,確認碼,密碼,代码,代碼,授权码,授權碼,通行码,通行碼,验证数字,"
        "安全碼,登入碼,动态口令,數字碼,数字码,啟用碼,启用码,绑定码,綁定碼,口令码"
    ),
    "ja": (
        "キー,番号をお伝え,合言葉,コード,認証番号,確認番号,暗証番号,パスワード,認証キー,パスコード,確認用番号,"
        "数字を入力,ワンタイムキー,番号を入力"
    ),
    "ko": (
        "복구 키,복구키,접속키,인증키,보안키,인증번호,인증코드,확인번호,코드,비밀번호,인증 번호,확인 번호,"
        "패스코드,승인번호,보안번호,인증문자,암호"
    ),
}

# What one does with a code.
VERIFY = {
    "en": (
        "allow,approval,unlock*,pass through,joining,access,prove,recover,pair,pairing,let you in,verif*,"
        "authenticat*,confirm*,login,log in,log on,logon,logging in,sign in,signin,signing in,sign up,signup,"
        "regist*,activat*,one time,2fa,mfa,two factor,two step,2 step,identity,new device,prove it,magic link,"
        "validat*,authoris*,authoriz*,create your account,join,sign on,finish setting up,approve"
    ),
    "de": (
        "*zulassen,*zuzulassen,erlaub*,identifizier*,*entsperr*,*freizuschalten,wiederherstell*,einloggst,"
        "ausweisen,bestatig*,verifizier*,*verifizierung,anmeld*,*anmeldung,einlogg*,*registrier*,freischalt*,"
        "*aktivier*,einmal*,*zugang,authentifizier*,legitimier*,identitat,freigabe*,*freigeben,einzuloggen,"
        "anzumelden,einrichten"
    ),
    "fr": (
        "autoris*,debloqu*,deverrouill*,j'active,je confirme,je valide,je verifie,finaliser,recuperation,acceder,"
        "acces,entrer dans,verification*,verifi*,confirmer,confirmez,confirmation*,connexion*,connecter,"
        "connectez,inscription*,authentifi*,activer,activez,identifi*,usage unique,valider,validez,"
        "vous connecter,rejoindre"
    ),
    "es": (
        "autoriza*,autorice,permitir,desbloque*,recuperar,entrar,vincular,terminar tu registro,verificacion,"
        "verificar,verifique,verifica,iniciar sesion,inicio de sesion,acceso,acceda,registro,registrarse,"
        "registrarte,autentic*,activar,activa*,un solo uso,validar,valida,ingresar,ingreso,confirme,accede"
    ),
    "pt": (
        "autorize,recuperacao,autenticar,verificacao,iniciar sessao,cadastro,autenticacao,uso unico,ativar,"
        "ativacao,ative,validacao,valide,conclua o cadastro,acessar,acesso,aceder"
    ),
    "it": (
        "consentire,autorizza*,sblocc*,recuperare,recupero,entrare,verificare,accesso,accedere,accedi,"
        "registrazione,autenticazione,conferma*,attivare,attivazione,attiva,usa e getta,monouso,convalida,"
        "identita"
    ),
    "nl": (
        "sta toe,toestaan,goedkeur*,machtig*,ontgrendel*,inlog*,in te loggen,aanmeld*,*bevestig*,registratie,"
        "eenmalig*,activeer*,activering,toegang,log in op,identiteit,in te stellen"
    ),
    "pl": (
        "zezwol*,zatwierdz*,odblok*,odzyskiwan*,odzyska*,aktywuj*,wejsci*,weryfik*,logowan*,zalogow*,zaloguj*,"
        "potwierd*,rejestrac*,zarejestr*,jednorazow*,aktywow*,aktywac*,uwierzytel*,dostep*,autoryz*"
    ),
    "cs sk": (
        "povolen*,povolit,schval*,prokaz*,odemkn*,odomkn*,obnov*,aktivujte,vstup,overen*,overte,overit,overov*,"
        "prihlas*,prihlaseni,potvrd*,registrac*,jednorazov*,aktivac*,aktivuj*,aktivovat,pristup*,totoznost*,"
        "dokonc*,potvrz*,overovac*"
    ),
    "sv da no": (
        "tillat*,tillad*,godkand*,legitimer*,las upp,oplas,las opp,aterstall*,inloggning*,logga,genoprett*,"
        "logga in,inlogg*,logge ind,log ind,logge inn,logg inn,innlogging*,bekraft*,bekreft*,bekraeft*,engang*,"
        "aktivera*,aktivér,godkann*,godkend*,godkjenn*,loginnet,registrer*,identitet*,skapa konto"
    ),
    "fi et": (
        "salli*,avaa tilisi,lukitus*,lukituksen,palaut*,vahvist*,kirjaut*,tunnist*,rekister*,kertakaytto*,"
        "aktivoi*,todenn*,kinnita*,sisselog*,hyvaksy*,varmenn*"
    ),
    "hu": (
        "engedelyez*,felold*,oldhatja fel,oldja fel,helyreallit*,belepteto,megerosit*,hitelesit*,bejelentkez*,"
        "belep*,regisztr*,ellenorz*,egyszer hasznal*,egyszeri,aktival*,azonosit*,jovahagy*,igazol*,visszaigazol*"
    ),
    "ro": (
        "permiți,autoriz*,aprob*,debloc*,activeze,activezi,confirma*,autentific*,conecta*,inregistr*,"
        "inregistrare,unica folosinta,acceseaza,logare,validare,verificati"
    ),
    "tr az": (
        "izin,kilid*,kurtarma,etkinles*,dogrula*,onay*,giris*,kayit*,aktivasyon*,etkinlestir*,tek kullanim*,"
        "uyelik*,tesdiq*,tasdiq*,oturum*,kimlik*,dogrulama*,tek seferlik"
    ),
    "hr sr sl bs": "prijav*,provjer*,registracij*,jednokratn*,aktivacij*,proveru,verifikacion*,preverjan*",
    "lt lv": "patvirt*,prisijung*,apstipr*,pieslegs*,vienreiz*,vienkartin*",
    "id ms": (
        "izinkan,mengizinkan,benarkan,buka kunci,membuka kunci,verifikasi*,masuk,konfirmasi*,daftar,pendaftaran,"
        "sekali pakai,aktivasi*,aktifkan,pengesahan,log masuk,otentikasi,autentikasi,sahkan,validasi,sekali guna"
    ),
    "vi": "cho phép,mở khóa,xác thực,xác nhận,xác minh,đăng nhập,đăng ký,kích hoạt,một lần,danh tính,truy cập",
    "fil sw": "thibitisha*,kuthibitisha,kuingia",
    "ru": (
        "разреш*,разблок*,восстановлен*,привяз*,подтверд*,подтвержд*,вход*,войти,войдите,регистрац*,зарегистрир*,"
        "авториз*,одноразов*,активац*,активир*,верифик*,двухфактор*,доступ*,проверочн*,личност*,завершит*,"
        "аутентиф*"
    ),
    "uk": (
        "дозвол*,розблок*,відновлен*,прив'яз*,підтверд*,підтвердж*,вхід*,увійти,увійд*,реєстрац*,зареєстр*,"
        "авторизац*,активув*,активуйте,верифік*,особ*,перевір*,входу"
    ),
    "bg sr": "потвърд*,потврд*,влизане,влезте,регистрация*,пријав*,еднократн*,удостовер*",
    "kk ky": "растау*,кіру*",
    "el": (
        "επιτρέψ*,έγκριση*,ξεκλειδ*,ανάκτηση*,ενεργοποι*,επιβεβαί*,επαλήθευ*,σύνδεσ*,συνδεθ*,εγγραφ*,μίας χρήσης,"
        "ταυτοποί*,εισόδου,πιστοποί*,είσοδο,ταυτότητα*"
    ),
    "ar": (
        "*للسماح,السماح,*فتح,افتح,*تحقق,*التحقق,*تأكيد,*التأكيد,*تسجيل,*التسجيل,*دخول,*الدخول,*تفعيل,*التفعيل,"
        "*المصادقة,مرة واحدة,*توثيق,*هويتك,*لتأكيد,*الهوية,*للدخول,*تنشيط"
    ),
    "fa": (
        "اجازه,مجوز,باز کنید,*تایید,ورود,*فعالسازی,*فعال سازی,یکبار مصرف,یک بار مصرف,*ثبت نام,*احراز هویت,"
        "*اعتبارسنجی,*یکبارمصرف"
    ),
    "ur": "تصدیق*,لاگ ان",
    "he": (
        "שחרר*,*לאשר,*אימות,*אישור,*כניסה,*הרשמה,*התחברות,*חד פעמי,*להתחבר,*לאמת,*הפעלה,*הזדהות,*חד פעמית,"
        "*להיכנס,*לאישור,*אמת,*לכניסה"
    ),
    "hi mr ne": (
        "अनुमति,अनलॉक,सत्यापन,सत्यापित,लॉगिन,लॉग इन,पुष्टि,पंजीकरण,वन टाइम,सक्रिय,साइन इन,प्रमाणीकरण,एकबारगी,"
        "पहचान,पडताळणी"
    ),
    "bn": "চালু,অনুমতি,আনলক,যাচাই,লগইন,লগ ইন,নিশ্চিত,নিবন্ধন,সক্রিয়,ভেরিফিকেশন,একবার,সাইন ইন,পরিচয়,প্রবেশ",
    "ta te ml kn gu pa si": "சரிபார்ப்பு,உள்நுழை,ధృవీకరణ,లాగిన్,പരിശോധന,ಪರಿಶೀಲನೆ,ચકાસણી,ਪੁਸ਼ਟੀ,සත්‍යාපන",
    "th": "อนุญาต,ปลดล็อก,ยืนยัน,เข้าสู่ระบบ,ลงทะเบียน,สมัคร,ครั้งเดียว,เปิดใช้งาน,ตัวตน,ล็อกอิน,เข้าใช้",
    "km my lo am": "ផ្ទៀងផ្ទាត់,အတည်ပြု,ຢືນຢັນ,ማረጋገጫ",
    "zh": (
        "允许,允許,授权,授權,解锁,解鎖,验证,登录,登陆,注册,激活,确认,身份,一次性,绑定,驗證,登入,註冊,啟用,認證,"
        "认证,校验,確認您,綁定,开通"
    ),
    "ja": (
        "許可,ロック解除,ロックを解除,認証,ログイン,確認,登録,本人確認,ワンタイム,有効化,サインイン,承認,"
        "アクティベート,アカウント作成"
    ),
    "ko": "허용,잠금 해제,잠금을 해제,인증,로그인,확인,가입,본인,일회용,활성화,등록,승인,접속",
}

# What is said about a code: keep it to yourself, it dies soon, you may not have asked for it.
WARN = {
    "en": (
        "not share,never share,not disclose,not tell,never tell,not give,never give,keep it secret,"
        "keep it private,keep this,confidential,with anyone,to anyone,expires in,expire in,expires after,"
        "valid for,is valid,expires soon,not request,not requested,did not ask,ignore this,ignore it,nobody from,"
        "staff will never,never ask you,good for,not forward,never forward,will expire,works once,not you,"
        "wasn't you,hide it"
    ),
    "de": (
        "nicht weiter*,niemandem,niemals weiter,gultig*,lauft ab,geheim,vertraulich,nicht angefordert,gilt,"
        "verfallt,teile ihn nicht,nicht teilen,ignorieren"
    ),
    "fr": (
        "ne partagez,ne le partagez,ne communiquez,ne le communiquez,ne transmettez,ne le transmettez,personne,"
        "valable,expire,confidentiel*,ne divulguez,ne donnez,a l'origine de cette,ignorez"
    ),
    "es": (
        "no lo compart*,no compart*,con nadie,a nadie,vence,caduca,expira,valido,vigencia,confidencial*,"
        "no solicit*,ignore,vigente"
    ),
    "pt": (
        "nao compartilh*,nao partilh*,com ninguem,a ninguem,valida por,valido por,sigilo,nao solicitou,"
        "nao informe,nao divulgue,nao o partilhe"
    ),
    "it": (
        "non condivid*,con nessuno,a nessuno,scade,non comunic*,riservat*,non rivel*,non richiest*,"
        "non hai richiesto"
    ),
    "nl": (
        "deel deze,deel dit,deel hem,deel nooit,niemand,geldig*,verloopt,nooit,vertrouwelijk,niet aangevraagd,"
        "niet delen"
    ),
    "pl": "nie udostepniaj*,nikomu,nie podawaj*,wazny,wazne,wygasa,poufn*,traci waznosc,nie przekazuj*,zignoruj",
    "cs sk": (
        "nesdilejte,nesdelujte,nezdielajte,platny,plati,vyprsi,platnost*,neposkytujte,nepreposielajte,ignorujte"
    ),
    "sv da no": (
        "dela inte,del ikke,ingen,giltig*,gyldig*,galler,upphor,udlober,utloper,hemlig,aldrig,dela aldrig,"
        "del aldri,lamna inte"
    ),
    "fi et": "ala jaa,kenellekaan,voimassa,vanhenee,ala kerro,ala anna,kehtib,luottamuksell*",
    "hu": "ne ossza*,ne oszd*,senkivel,senkinek,ervenyes*,lejar,ne adja*,ne add*,bizalmas*,hagyja figyelmen",
    "ro": "nu distribui*,nimanui,cu nimeni,expira in,valabil*,nu il da*,nu divulga*,nu transmite*,nu comunica*",
    "tr az": "paylasmay*,kimseyle,kimse ile,gecerli*,paylasma,gizli,kimseye,suresi dol*,kecerlidir",
    "hr sr sl bs": "nemojte,ne dijelite,ne delite,nikome,vrijedi,vazi,istice",
    "id ms": "jangan,siapa pun,siapapun,berlaku,rahasia*,kadaluarsa,kedaluwarsa,jangan kongsi,sah selama,sesiapa",
    "vi": (
        "không chia sẻ,bất kỳ ai,hết hạn,hiệu lực,không cung cấp,tuyệt đối,bảo mật thông tin,không tiết lộ,"
        "cho ai,với ai"
    ),
    "ru": "никому,не сообщ*,не переда*,действ*,истека*,не говорите,не показ*,не запрашив*,проигнорир*,годен",
    "uk": "нікому,не повідомл*,дійсн*,чинн*,не кажіть,не розголош*,діє",
    "bg sr": "не споделя*,валиден*,никого,важи,не дел*",
    "el": (
        "μην κοινοποι*,μην τον*,κανέναν,σε κανένα,ισχύει,λήγει,μην μοιρ*,μην δώσ*,αγνοήστε,μην αποκαλ*,"
        "εμπιστευτικ*,μη τον*"
    ),
    "ar": (
        "لا تشارك*,ولا تشارك*,لأحد,مع أحد,أي شخص,صالح*,تنتهي,ينتهي,سري,عدم مشاركته,لا تفصح,لا تطلع*,سرية,لا تعط*,"
        "لا ترسل*"
    ),
    "fa": "در اختیار,به کسی,محرمانه,معتبر*,منقضی,هیچکس,هیچ کس,به دیگران,اعتبار,دیگران",
    "ur": "کسی کے ساتھ,شیئر نہ",
    "he": (
        "אל תשתף,אל תשתפו,אין להעביר,אין למסור,לאף אחד,בתוקף,תקף,יפוג,אל תמסור*,אל תמסרו,אין לשתף,לא לשתף,"
        "עם אף אחד,בתוקפו,תוקף"
    ),
    "hi mr ne": "साझा न,किसी को,शेयर न,मान्य,किसी से,न बताएं,न बताएँ,किसी के साथ,समाप्त,गोपनीय,वैध,शेयर ना",
    "bn": "শেয়ার কর,কারো সাথে,কাউকে,মেয়াদ,বলবেন না,জানাবেন না,গোপন রাখ,কারও সঙ্গে,দেবেন না",
    "th": "ห้าม,อย่า,ห้ามบอก,หมดอายุ,ใช้ได้ภายใน,ภายใน,ผู้อื่น,ไม่ควร,เป็นความลับ",
    "zh": (
        "泄露,洩漏,泄漏,洩露,告知他人,请勿,請勿,有效,切勿,告诉,转告,轉告,過期,过期,失效,非本人,告訴,勿告,保密,"
        "外传,他人,不要"
    ),
    "ja": "教えない,有効期限,有効です,第三者,共有しない,伝えない,お心当たり,以内に,心当たり,知らせない",
    "ko": "공유하지,알려주지,유효,타인,노출,절대,입력해,만료,유출,다른 사람",
}

# Verbs that ask to type something in.
USE = {
    "en": (
        "digits,punch in,punch,tap in,pop in,read out,fill in,write,supply,confirm with,verify with,log in with,"
        "sign in with,enter,use,type,type in,type this,input,key in,submit,put in,paste,copy"
    ),
    "de": (
        "eintragen,einzutragen,eingabe,*ziffern,eintippen,einzutippen,trage,tragen sie,eingibst,ubertrage,gib,"
        "geben sie,eingeben,einzugeben,tippe,tippen sie,verwende*,benutze*,nutze*,gebe"
    ),
    "fr": (
        "saisissant,entrant,chiffres,renseigner,recopier,composer,inscrivez,tapez,saisissez,saisir,entrez,entrer,"
        "utilisez,indiquez,renseignez,recopiez,composez,veuillez saisir"
    ),
    "es": (
        "tecleando,introduciendo,ingresando,tecle*,cifras,digitos,pon,coloca,coloque,copia,teclear,escribir,"
        "anota,digitar,ingrese,ingresa,introduce,introduzca,introducir,usa,use este,escribe,escriba,utiliza,"
        "utilice,teclea,digite,digita"
    ),
    "pt": (
        "digitando,inserindo,algarismos,escreva,copie,ponha,insere,escreve,insira,utilize,informe,inserir,"
        "introduza"
    ),
    "it": (
        "inserire,inserendo,scrivi,inserite,metti,scriva,riporta,inserisci,usa il,usare,digiti,utilizza,immetti,"
        "inserisca"
    ),
    "nl": "cijfers,tik,vul,neem over,geef in,toets in,voer,gebruik,invoeren,typ,toets",
    "pl": "cyfry,wprowadz*,wklep,wpisac,wklej,przepisac,podaj*,wpisz,uzyj,przepisz",
    "cs sk": (
        "cislice,opiste,zadat,vyplnte,doplnte,pouzij,vlozte,prepiste,zadejte,zadaj,zadajte,pouzijte,pouzite,"
        "napiste"
    ),
    "sv da no": (
        "sla,slar,knappar in,siffror,knappa in,mata in,sla in,angiv,indsaet,oppgi,fyll inn,knapp inn,skriv,ange,"
        "skriv in,anvand,indtast,brug,skriv inn,bruk,tast inn,tast,fyll i"
    ),
    "fi et": "antamalla,laita,naputtele,syottamalla,syota,kayta,anna koodi,kirjoita,nappaile,sisesta",
    "hu": (
        "szamjegy*,ird be,usd be,potyogd be,masold,beirni,irjon be,irja be,adja meg,add meg,hasznalja,hasznald,"
        "ussed be,gepelje"
    ),
    "ro": "cifrele,copiaza,tastati,scrieti,introdu*,foloseste,folositi,tasteaza,scrie,completeaza,utilizati",
    "tr az": "kopyala*,tusla,girmeniz,girin*,giriniz,kullanin*,yazin*,tuslayin*,gir,kullan",
    "id ms": "memasukkan,masukkan,gunakan,ketik,isi,masukan,taip",
    "vi": "chữ số,gõ,điền vào,nhập,sử dụng,điền,dùng",
    "ru": (
        "цифры,числа,впишите,вбейте,продиктуйте,скопируйте,введи,набери,сообщите оператору,введите,используйте,"
        "укажите,наберите,вводите,назовите"
    ),
    "uk": "цифри,скопіюйте,назвіть,введіть,використайте,вкажіть,уведіть,наберіть,впишіть",
    "bg sr": "въведете,използвайте,унесите",
    "el": (
        "ψηφία,βάλτε,γράψε,δώστε,εισάγετε,εισαγάγετε,χρησιμοποιήστε,πληκτρολογήστε,γράψτε,πληκτρολόγησε,βάλε,"
        "συμπληρώστε"
    ),
    "ar": "ضع,أدخله,كتابة,بكتابة,أدخل,استخدم,يرجى إدخال,الرجاء إدخال,اكتب,استعمل,بإدخال,أدخلي",
    "fa": "ارقام,بزنید,ثبت کنید,وارد نما,وارد کنید,وارد نمایید,استفاده کنید,بنویسید,وارد کن",
    "he": "הספרות,הקש,הקישו,הקישי,הכנס,הקלידי,הזן,הזינו,הקלד,הקלידו,השתמש,השתמשו,יש להזין,הכניסו,להזנה",
    "hi mr ne": "दबाएँ,दबाएं,दर्ज कर,डालकर,दर्ज करें,उपयोग करें,डालें,इस्तेमाल करें,भरें,टाइप करें,लिखें",
    "bn": "দিন,টাইপ কর,দিয়ে,ইনপুট,লিখুন,ব্যবহার করুন,প্রবেশ করান,টাইপ করুন,বসান",
    "th": "ตัวเลข,กรอก,ใช้,ใส่,ป้อน,พิมพ์",
    "zh": "输入,輸入,填写,填寫,使用,填入,键入",
    "ja": "入力,ご入力,お使い",
    "ko": "입력,사용",
}

# Words between a code and what it is called, which add nothing: "your code *is* 123456".
LINKING = (
    "sind sont son sao sono zijn są jsou ovat sunt are su sú "
    "is is: es sera est ist lautet lauten è e' é sao jest to je znie er är on yra ir este é: adalah "
    "ialah là la: olarak dir : = "
    "は で が を 为 為 是 은 는 이 입니다 है হল হলো হচ্ছে คือ هو هي است هست: הוא היא это є e как ето "
    "είναι für: here's "
    "number no nr num no. below following num. como por: van az ez now mã: หมายเลข zijn luidt: luidt eh"
)

# What makes the next number the tool of a deed: "unlock it *with* 123456".
INSTRUMENTS = (
    "with using via by mit per avec con usando mediante com por met ze przez se med hjälp με μέσω cu prin ile "
    "dengan pakai menggunakan bằng với с при через 用 以 凭 憑 با עם দিয়ে ด้วย"
)

# Words that stand where a code could stand and are none, in messages that shout.
NO_CODE = (
    "READY SENT VALID EXPIRED HERE BELOW SECRET PRIVATE NEVER PLEASE BITTE WITH YOUR THIS THAT FROM "
    "SECURE VERIFY LOGIN CODE STOP "
    "HELP FREE CALL TODAY EMAIL ONLY MAIL TEXT ONCE BELOW NUMERIC REQUIRED INVALID CORRECT WRONG ACTIVE "
    "BLOCKED ATTENTION IMPORTANT "
    "PASSWORD INSIDE GUARD ENCLOSED OTP PIN SMS APP"
)
