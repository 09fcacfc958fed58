"""The texts of the commands by their English form, in the locales of Discord."""

from __future__ import annotations


def _in(de: str, fr: str, es: str, ja: str, pt: str) -> dict[str, str]:
    return {"de": de, "fr": fr, "es-ES": es, "es-419": es, "ja": ja, "pt-BR": pt}


TRANSLATIONS = {
    "What {persona} said on something, word for word": _in(
        "Was {persona} zu etwas gesagt hat, Wort für Wort",
        "Ce que {persona} a dit sur un sujet, mot pour mot",
        "Lo que dijo {persona} sobre algo, palabra por palabra",
        "{persona} が語った言葉をそのまま引用します",
        "O que {persona} disse sobre algo, palavra por palavra",
    ),
    "What it is about: a few words, or a question": _in(
        "Worum es geht: ein paar Wörter oder eine Frage (auf Englisch)",
        "De quoi il s'agit : quelques mots ou une question (en anglais)",
        "De qué se trata: unas palabras o una pregunta (en inglés)",
        "知りたいこと：キーワードまたは質問（英語で）",
        "Do que se trata: algumas palavras ou uma pergunta (em inglês)",
    ),
    "Only from this episode": _in(
        "Nur aus dieser Folge",
        "Seulement dans cet épisode",
        "Solo de este episodio",
        "このエピソードだけから",
        "Só deste episódio",
    ),
    "Show the answer only to you": _in(
        "Die Antwort nur dir zeigen",
        "Afficher la réponse à vous seul",
        "Mostrar la respuesta solo a ti",
        "回答を自分だけに表示",
        "Mostrar a resposta só para você",
    ),
    "Something {persona} said, taken by chance": _in(
        "Etwas, das {persona} gesagt hat, zufällig gewählt",
        "Une phrase de {persona}, prise au hasard",
        "Algo que dijo {persona}, elegido al azar",
        "{persona} の言葉をランダムに表示します",
        "Algo que {persona} disse, escolhido ao acaso",
    ),
    "The episodes that are searched": _in(
        "Die Folgen, die durchsucht werden",
        "Les épisodes dans lesquels on cherche",
        "Los episodios en los que se busca",
        "検索対象のエピソード一覧",
        "Os episódios pesquisados",
    ),
    "How to ask, and what the buttons do": _in(
        "Wie man fragt und was die Buttons tun",
        "Comment demander, et à quoi servent les boutons",
        "Cómo preguntar y qué hacen los botones",
        "使い方とボタンの説明",
        "Como perguntar e o que os botões fazem",
    ),
    "A quote a day in a channel": _in(
        "Ein Zitat am Tag in einem Kanal",
        "Une citation par jour dans un salon",
        "Una frase textual al día en un canal",
        "チャンネルに毎日ひとつ引用を投稿します",
        "Uma citação por dia em um canal",
    ),
    "Set the daily quote of a channel, or change it": _in(
        "Das tägliche Zitat eines Kanals einrichten oder ändern",
        "Programmer la citation du jour d'un salon, ou la modifier",
        "Configurar o cambiar la frase del día de un canal",
        "チャンネルの日替わりの引用を設定・変更します",
        "Definir ou alterar a citação diária de um canal",
    ),
    "When, such as 09:00": _in(
        "Wann, zum Beispiel 09:00",
        "À quelle heure, par exemple 09:00",
        "Cuándo, por ejemplo 09:00",
        "時刻（例：09:00）",
        "Quando, por exemplo 09:00",
    ),
    "The time zone, such as Europe/London": _in(
        "Die Zeitzone, zum Beispiel Europe/Berlin",
        "Le fuseau horaire, par exemple Europe/Paris",
        "La zona horaria, por ejemplo Europe/Madrid",
        "タイムゾーン（例：Asia/Tokyo）",
        "O fuso horário, por exemplo America/Sao_Paulo",
    ),
    "The channel; this one where none is named": _in(
        "Der Kanal; dieser, wenn keiner genannt ist",
        "Le salon ; celui-ci par défaut",
        "El canal; este si no se indica otro",
        "チャンネル（省略するとこのチャンネル）",
        "O canal; este, se nenhum for indicado",
    ),
    "On which days, such as weekdays, or mon wed fri": _in(
        "An welchen Tagen, zum Beispiel weekdays oder mon wed fri",
        "Quels jours, par exemple weekdays ou mon wed fri",
        "Qué días, por ejemplo weekdays o mon wed fri",
        "曜日（例：weekdays または mon wed fri）",
        "Em que dias, por exemplo weekdays ou mon wed fri",
    ),
    "Only quotes on this": _in(
        "Nur Zitate zu diesem Thema",
        "Seulement des citations sur ce sujet",
        "Solo frases sobre este tema",
        "このトピックの引用だけ",
        "Só citações sobre isto",
    ),
    "Stop the daily quote and forget it": _in(
        "Das tägliche Zitat beenden und vergessen",
        "Arrêter la citation du jour et l'oublier",
        "Detener la frase del día y olvidarla",
        "日替わりの引用を停止して削除します",
        "Parar a citação diária e esquecê-la",
    ),
    "Pause the daily quote": _in(
        "Das tägliche Zitat pausieren",
        "Suspendre la citation du jour",
        "Pausar la frase del día",
        "日替わりの引用を一時停止します",
        "Pausar a citação diária",
    ),
    "Go on with the daily quote": _in(
        "Das tägliche Zitat fortsetzen",
        "Reprendre la citation du jour",
        "Reanudar la frase del día",
        "日替わりの引用を再開します",
        "Retomar a citação diária",
    ),
    "Show when the daily quote comes": _in(
        "Zeigen, wann das tägliche Zitat kommt",
        "Montrer quand vient la citation du jour",
        "Mostrar cuándo llega la frase del día",
        "日替わりの引用の予定を表示します",
        "Mostrar quando vem a citação diária",
    ),
    "Show the next seven daily quotes": _in(
        "Die nächsten sieben täglichen Zitate zeigen",
        "Montrer les sept prochaines citations du jour",
        "Mostrar las próximas siete frases del día",
        "今後7回分の引用を表示します",
        "Mostrar as próximas sete citações diárias",
    ),
    "Post today's quote at once": _in(
        "Das heutige Zitat sofort schicken",
        "Publier tout de suite la citation du jour",
        "Publicar ya la frase de hoy",
        "今日の引用を今すぐ投稿します",
        "Publicar já a citação de hoje",
    ),
}
