"""How mail programs announce what they quote, and how people and telephones end a letter, by language. Data.

Patterns are in lower case and matched so. A phrase that ends a line stands before the colon.
"""

#: Language: how the line above a quotation begins ("" for a date or a name), and with which words it says "wrote".
#: A verb may stand in the middle: "Am 3. Mai schrieb Eva:".
WROTE = {
    "ar": (("في", "بتاريخ"), ("كتب", "كتبت")),
    "cs": (("dne", "on", ""), ("napsal", "napsala", "napsal(a)", "odesláno")),
    "da": (("den", "på", ""), ("skrev", "skriver")),
    "de": (("am", ""), ("schrieb", "schreibt", "hat geschrieben")),
    "el": (("στις", "την", ""), ("έγραψε",)),
    "en": (("on", "at", "in", "sent from", ""), ("wrote", "writes", "sent", "said")),
    "es": (("el", "en", ""), ("escribió", "escribio")),
    "fi": (("",), ("kirjoitti",)),
    "fr": (("le", ""), ("a écrit", "a ecrit", "écrit")),
    "he": (("בתאריך", "ב", ""), ("כתב", "כתבה", "מאת")),
    "hr": (("dana", ""), ("napisao je", "je napisao", "napisao")),
    "hu": (("",), ("írta", "ezt írta")),
    "it": (("il", "in data", ""), ("ha scritto",)),
    "ja": (("",), ("のメール", "さんは書きました", "wrote")),
    "ko": (("",), ("작성", "님이 작성")),
    "nl": (("op", ""), ("schreef", "geschreven")),
    "no": (("på", "den", ""), ("skrev",)),
    "pl": (("w dniu", "dnia", ""), ("napisał", "napisała", "napisał(a)", "pisze")),
    "pt": (("em", "a", "no dia", ""), ("escreveu",)),
    "ro": (("în", "pe", ""), ("a scris",)),
    "ru": (("",), ("написал", "написала", "пишет", "писал", "написал(а)", "от")),
    "sk": (("dňa", ""), ("napísal", "napísala", "napísal(a)")),
    "sv": (("den", "på", ""), ("skrev",)),
    "tr": (("",), ("şunu yazdı", "şunları yazdı", "yazdı")),
    "uk": (("",), ("написав", "написала", "пише")),
    "vi": (("vào", "ngày", ""), ("đã viết",)),
    "zh": (("在", "於", ""), ("写道", "寫道")),
}
#: What stands between dashes above a quotation.
SEPARATORS = (
    *("original message", "reply message", "original appointment"),
    *("ursprüngliche nachricht", "antwort nachricht", "originalnachricht", "original-nachricht"),
    *("message d'origine", "message original", "mensaje original", "mensagem original", "messaggio originale"),
    *("oprindelig meddelelse", "original meddelelse", "opprinnelig melding", "ursprungligt meddelande", "originalmeddelande"),
    *("oorspronkelijk bericht", "alkuperäinen viesti", "wiadomość oryginalna", "původní zpráva", "pôvodná správa"),
    *("eredeti üzenet", "mesaj original", "исходное сообщение", "пересылаемое сообщение", "оригінальне повідомлення"),
    *("原始邮件", "原始郵件", "元のメッセージ", "원본 메시지", "αρχικό μήνυμα", "orijinal mesaj"),
)
#: What stands between dashes above a mail that is passed on: it is what the letter is about, so it is shown.
FORWARDED = (
    *("forwarded message", "begin forwarded message", "weitergeleitete nachricht", "anfang der weitergeleiteten nachricht"),
    *("message transféré", "mensaje reenviado", "mensagem encaminhada", "messaggio inoltrato", "doorgestuurd bericht"),
    *("videresendt meddelelse", "vidarebefordrat meddelande", "przekazana wiadomość", "пересланное сообщение", "转发邮件"),
)
#: The fields of a header that a program writes above what it quotes. Each set begins with who wrote it.
FIELDS = {
    "author": ("from", "von", "de", "da", "van", "fra", "från", "od", "от", "від", "lähettäjä", "kimden", "发件人", "寄件者", "差出人", "보낸 사람", "από", "feladó", "desde"),
    "date": ("sent", "date", "gesendet", "datum", "envoyé", "enviado", "enviado el", "enviada em", "inviato", "verzonden", "sendt", "skickat", "wysłano", "data", "fecha", "odesláno", "odoslané", "отправлено", "дата", "надіслано", "lähetetty", "gönderildi", "tarih", "dato", "发送时间", "日期", "寄件日期", "送信日時", "日付", "보낸 날짜", "στάλθηκε", "elküldve", "sent at"),
    "to": ("to", "an", "à", "a", "para", "aan", "til", "till", "do", "komu", "кому", "vastaanottaja", "kime", "收件人", "收件者", "宛先", "받는 사람", "προς", "címzett"),
    "cc": ("cc", "kopie", "copie", "kopia", "kopi", "копия", "抄送", "副本", "참조", "cci", "bcc", "reply-to", "antwort an"),
    "subject": ("subject", "betreff", "objet", "asunto", "assunto", "oggetto", "onderwerp", "emne", "ämne", "temat", "předmět", "predmet", "тема", "aihe", "konu", "主题", "主旨", "件名", "제목", "θέμα", "tárgy"),
}
#: What a telephone or a program puts below a letter: how the line begins.
DEVICES = (
    *("sent from my", "sent from mailbox", "sent from outlook", "sent from yahoo", "sent with sparrow", "sent via"),
    *("sent wirelessly from", "sent from the", "get outlook for", "sent with proton", "sent from proton", "sent from samsung"),
    *("von meinem", "gesendet von", "gesendet mit", "diese nachricht wurde von meinem", "von unterwegs"),
    *("envoyé de", "envoyé depuis", "envoyé sans fil", "envoyé à partir", "télécharger outlook"),
    *("enviado desde", "enviado do", "enviado de", "inviato da", "inviato con", "verzonden vanaf", "verstuurd vanaf"),
    *("sendt fra", "skickat från", "wysłane z", "wysłano z", "odesláno z", "отправлено с", "надіслано з", "iphoneから送信"),
)
#: How people take their leave, alone on a line.
CLOSINGS = (
    *("thanks", "thank you", "many thanks", "thanks a lot", "thanks in advance", "thanks again", "thank you very much", "thx"),
    *("regards", "best regards", "kind regards", "warm regards", "with kind regards", "best", "best wishes", "all the best"),
    *("cheers", "sincerely", "yours sincerely", "yours faithfully", "yours truly", "respectfully", "br", "rgds", "brgds"),
    *("mit freundlichen grüßen", "mit freundlichen grüssen", "mit freundlichem gruß", "freundliche grüße", "viele grüße"),
    *("beste grüße", "schöne grüße", "liebe grüße", "mfg", "vg", "lg", "danke", "vielen dank", "besten dank", "gruß", "grüße"),
    *("cordialement", "bien cordialement", "cdlt", "merci", "merci d'avance", "bien à vous", "sincères salutations"),
    *("saludos", "saludos cordiales", "un saludo", "atentamente", "gracias", "cordiali saluti", "distinti saluti", "grazie"),
    *("met vriendelijke groet", "met vriendelijke groeten", "groeten", "mvg", "bedankt", "atenciosamente", "obrigado"),
    *("med venlig hilsen", "venlig hilsen", "mvh", "med vänliga hälsningar", "vänliga hälsningar", "hilsen", "hälsningar"),
    *("pozdrawiam", "z poważaniem", "s pozdravem", "с уважением", "спасибо", "з повагою", "ystävällisin terveisin"),
)
