"""The verbs of requests in both languages by what they ask for. Data and their patterns; used by the clauses."""

import re

# English verbs stand in their base form. A bar separates forms; several words may make a verb.
_ENGLISH = {
    "delete": "delete|remove|trash|erase|bin|discard|dump|throw away|throw out|get rid of|dispose of|purge|wipe|drop|toss|ditch",
    "clean": "clean up|clean out|clean|clear out|clear|tidy up|tidy|declutter",
    "dedupe": "deduplicate|dedupe|dedup",
    "move": "move|relocate|transfer|put|shift",
    "copy": "copy|duplicate|clone|back up|backup",
    "rename": "rename",
    "number": "number|enumerate",
    "sort": "sort out|sort|organise|organize|group|arrange|file away|categorise|categorize|classify|split|distribute",
    "list": "list",
    "show": "show me|show|display|print out|give me|let me see|view|look inside|look into|look at|peek into",
    "find": "find me|find|search for|search|look for|look up|locate",
    "collect": "collect|gather|compile|assemble",
    "get": "get me|get",
    "extract": "extract|pull out|pull|grab|filter out|filter|pick out|fetch",
    "unpack": "unpack|unzip|untar|unarchive|uncompress|decompress|expand",
    "pack": "pack up|pack|zip up|zip|compress|archive|tar up|tar|bundle",
    "compare": "compare|diff|contrast",
    "open": "open up|open|launch the file",
    "reveal": "reveal|locate on disk",
    "create": "create|make me|make|new|start a new|start|generate|produce|set up",
    "write": "write me|write down|write|draft|prepare|put together|draw up|compose|note down|jot down|note",
    "append": "append|add|insert",
    "replace": "find and replace|search and replace|replace|substitute|swap|change|exchange",
    "convert": "convert|turn|transform|export|render",
    "summarise": "summarise|summarize|sum up|recap|outline|condense",
    "stage": "git add|stage",
    "commit": "git commit|commit",
    "branch": "git branch|branch off|branch",
    "switch": "git switch|git checkout|switch|check out|checkout|go over to|go to",
    "stash": "git stash|stash away|stash|shelve|set aside",
    "unstash": "git stash pop|git stash apply|stash pop|unstash|pop|unshelve|restore|bring back|bring|reapply|apply|get back",
    "status": "git status",
    "log": "git log|git diff",
    "tell": "tell me|tell|explain to me|explain|answer|describe|remind me what|say",
    "save": "save",
}

# Russian verbs: imperatives (also with -те and -ка) and infinitives, and the polite second person where it is usual.
_RUSSIAN = {
    "delete": "удали удалить удаляй удалять удалишь сотри стереть стирай выбрось выбросить выбрасывай выкинь выкинуть выкидывай"
    " избавься избавиться грохни снеси снести отправь_в_корзину отправить_в_корзину перемести_в_корзину переместить_в_корзину"
    " перенеси_в_корзину перенести_в_корзину кинь_в_корзину брось_в_корзину положи_в_корзину убери_в_корзину убрать_в_корзину"
    " помести_в_корзину в_корзину трогай трогать",
    "remove": "убери убрать убирай уберешь",
    "clean": "почисти почистить очисти очистить вычисти вычистить прибери прибрать приберись прибраться наведи_порядок"
    " навести_порядок подчисти подчистить расчисти разгреби чисти чистить",
    "dedupe": "дедуплицируй дедуплицировать",
    "move": "перемести переместить перемещай перенеси перенести переноси перекинь перекинуть переложи переложить положи положить"
    " передвинь сложи сложить помести поместить перебрось перебросить закинь закинуть засунь сдвинь переместишь перенесешь",
    "copy": "скопируй скопировать копируй копировать продублируй продублировать дублируй сделай_копию сделать_копию"
    " создай_копию создать_копию сделай_резервную_копию сделать_резервную_копию забэкапь забэкапить скопируешь",
    "rename": "переименуй переименовать переименовывай переименуешь назови назвать дай_имя",
    "number": "пронумеруй пронумеровать нумеруй нумеровать",
    "sort": "разложи разложить раскладывай рассортируй рассортировать отсортируй отсортировать сортируй "
    "сортировать разбей разбить"
    " сгруппируй сгруппировать группируй распредели распределить раскидай раскидать упорядочи упорядочить разбери разобрать"
    " рассортируешь разложишь классифицируй разнеси разнести",
    "list": "перечисли перечислить выведи вывести",
    "show": "покажи показать показывай отобрази отобразить дай выдай покажешь глянь посмотри посмотреть",
    "find": "найди найти отыщи отыскать поищи поискать ищи искать разыщи найдешь обнаружь",
    "collect": "собери собрать собирай насобирай соберешь",
    "extract": "извлеки извлечь вытащи вытащить выпиши выписать достань достать выдерни отбери отобрать отфильтруй отфильтровать"
    " выбери выбрать выгрузи выгрузить вытяни выуди",
    "unpack": "распакуй распаковать разархивируй разархивировать разожми раззипуй распакуешь",
    "pack": "запакуй запаковать упакуй упаковать заархивируй заархивировать архивируй архивировать сожми сжать зазипуй пакуй"
    " заархивируешь",
    "compare": "сравни сравнить сравнивай сопоставь сопоставить сверь сверить сравнишь",
    "open": "открой открыть откроешь раскрой",
    "create": "создай создать создавай сделай сделать заведи завести начни начать новый новая новое новую сформируй сформировать"
    " создашь сгенерируй",
    "write": "напиши написать составь составить подготовь подготовить запиши записать набросай оформи оформить",
    "append": "допиши дописать добавь добавить припиши приписать вставь вставить дополни дополнить добавишь внеси внести занеси"
    " занести дозапиши",
    "replace": "замени заменить поменяй поменять заменяй смени сменить измени изменить исправь исправить заменишь",
    "convert": "преобразуй преобразовать конвертируй конвертировать сконвертируй сконвертировать переделай "
    "переделать переформатируй"
    " преврати превратить экспортируй экспортировать переконвертируй перегони перегнать",
    "summarise": "резюмируй резюмировать подытожь подытожить обобщи обобщить суммируй суммаризируй законспектируй",
    "stage": "проиндексируй проиндексировать застейджи застейджить",
    "commit": "закоммить закоммитить закомить закомить коммить коммитить зафиксируй зафиксировать",
    "switch": "переключись переключиться переключи переключить перейди перейти чекаутни",
    "stash": "спрячь спрятать застэшь застешь отложи отложить припрячь убери_в_stash убери_в_стэш",
    "unstash": "верни вернуть достань_из_stash примени применить восстанови восстановить вытащи_из_stash",
    "tell": "расскажи рассказать скажи сказать объясни объяснить ответь напомни подскажи подсказать опиши",
    "save": "сохрани сохранить",
}

# What is asked of computers and cannot be done here; it must not be taken for something that can.
_IMPOSSIBLE_ENGLISH = (
    "send|email|e-mail|mail|forward|reply|message|text|tweet|post|publish|share|upload|download|install|uninstall|update|upgrade"
    "|run|execute|shut down|shutdown|turn off|turn on|switch off|power off|reboot|restart|kill|browse|google|go online|surf|visit"
    "|translate|call|phone|dial|ring|book|buy|order|pay|schedule|remind me to|remind me|"
    "set an alarm|set a timer|play|pause|record"
    "|take a screenshot|take a photo|print|scan|draw|paint|sing|encrypt|decrypt|mount|unmount|format|partition|push|pull request"
    "|merge|rebase|clone the repository|git push|git pull|git clone|git merge|git rebase|git reset|"
    "reset|revert|deploy|compile|build"
    "|chmod|chown|sudo|ssh|connect|log in|login|lock|sleep|hibernate|crop|resize|rotate|transcribe|watch|monitor|empty the trash"
)
_IMPOSSIBLE_RUSSIAN = (
    "отправь отправить пошли послать вышли выслать перешли переслать отошли отослать опубликуй "
    "опубликовать поделись загрузи загрузить"
    " залей залить скачай скачать установи установить поставь поставить обнови обновить удали_программу выполни выполнить"
    " запусти запустить выключи выключить включи включить перезагрузи перезагрузить перезапусти перезапустить загугли погугли"
    " зайди зайти переведи перевести позвони позвонить закажи заказать купи купить оплати оплатить заплати напомни_мне запланируй"
    " забронируй поставь_будильник сыграй включи_музыку распечатай распечатать напечатай отсканируй нарисуй нарисовать спой"
    " зашифруй зашифровать расшифруй отформатируй отформатировать запушь запушить смержи слей слить влей откати откатить сбрось"
    " разверни развернуть скомпилируй собери_проект сними снять останови остановить убей подключись подключиться залогинься"
    " заблокируй следи обрежь поверни опустоши_корзину очисти_корзину очистить_корзину"
)


def _english(forms: str) -> str:
    return "|".join(re.escape(form).replace(r"\ ", r"\s+") for form in sorted(forms.split("|"), key=len, reverse=True))


def _russian(forms: str) -> str:
    return "|".join(sorted((_russian_form(form) for form in forms.split()), key=len, reverse=True))


def _russian_form(form: str) -> str:
    head, *tail = form.replace("ё", "е").split("_")
    # What no infinitive is takes the polite plural: удали, удалите; with objects in between: отправь их в корзину.
    plural = "" if head.endswith(("ть", "ти", "чь", "шь")) and not head.endswith(_SOFT) else "(?:те)?(?:-ка)?"
    gap = r"(?:\s+[^\s,.;]+){0,6}?\s+" if tail and tail[0] == "в" else r"\s+"
    return head + plural + (gap + r"\s+".join(tail) if tail else "")


_SOFT = (
    "отправь",
    "кинь",
    "брось",
    "ставь",
    "подготовь",
    "закоммить",
    "закомить",
    "коммить",
    "спрячь",
    "припрячь",
    "застэшь",
    "застешь",
    "вставь",
    "исправь",
    "составь",
    "сопоставь",
    "сверь",
    "ответь",
    "запушь",
    "подытожь",
    "выкинь",
    "перекинь",
)

COMMANDS = {
    "en": {verb: re.compile(rf"(?:{_english(forms)})(?![\w'-])") for verb, forms in _ENGLISH.items()},
    "ru": {verb: re.compile(rf"(?<![\w-])(?:{_russian(forms)})(?![\w])") for verb, forms in _RUSSIAN.items()},
}
IMPOSSIBLE = {
    "en": re.compile(rf"(?:{_english(_IMPOSSIBLE_ENGLISH)})(?![\w'-])"),
    "ru": re.compile(rf"(?<![\w-])(?:{_russian(_IMPOSSIBLE_RUSSIAN)})(?![\w])"),
}
NOUNS_TOO = re.compile(
    r"(?:copy|list|number|group|split|file|report|note|draft|bundle|stage|branch|switch|commit|stash|"
    r"pop|status|log|zip|archive|pack"
    r"|bin|dump|trash|filter|outline|view|tar|change|swap|turn|export|save|set|start|new|drop|diff|contrast|clear|clean)\b"
)
"""English verbs that are nouns or adjectives as often: after "and" they begin a clause only before an object."""
