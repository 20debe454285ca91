"""What requests speak of, as patterns over plain text in both languages. Data; used by the rules that choose commands."""

DUPLICATES = (
    r"(?:near[- ])?duplicat\w*|dupes?|doubles|identical|the same (?:files|photos|pictures)|дубл\w+|"
    r"дубликат\w*|одинаков\w+|повторя(?:ющ|ются)\w*|повторы|копии файлов|клон\w+"
)
NEAR = r"near|nearly|almost|similar|look-?alikes?|alike|похож\w+|почти|схож\w+"
EMPTY = r"empty (?:sub)?(?:folders?|dir\w*)|пуст\w+ (?:под)?(?:папк\w*|каталог\w*|директори\w*)|empties"
TODOS = r"to-?dos?|fixmes?|туду\w*|тудушк\w*|пометк\w+ \w*todo|доделк\w+|незакрыт\w+ задач\w*"
BRANCH = r"branch(?:es)?|ветк\w*|ветв\w*"
REPOSITORY = (
    r"git|repo(?:sitory)?|working (?:tree|copy)|commits?|гит\w*|репозитори\w*|репо|коммит\w*|рабоч\w+ (?:копи\w+|дерев\w+)"
)
STASH = r"stash(?:ed|es)?|shelf|стэш\w*|стеш\w*|припрятан\w+|отложенн\w+|спрятанн\w+"
ARCHIVE = r"archives?|zips?|zip-?архив\w*|tarballs?|tar\.gz|архив\w*"
REPORT = (
    r"summar(?:y|ies)|reports?|overviews?|digests?|recaps?|сводк\w*|отчет\w*|обзор\w*|резюме|"
    r"краткое содержание|кратк\w+ пересказ\w*|конспект\w*|дайджест\w*|выжимк\w*|саммари"
)
LINES = r"lines?|rows?|records?|entries|cells?|columns?|строк\w*|строчк\w*|записи|записей|столб\w+|колонк\w*|ряды"
NAMES = r"(?:file)?names?|filenames?|file names?|имен(?:а|ах|ам|и)?(?!\w)|назван\w+"
INDEX = r"(?:staging|the index|index|to stage|staging area)|индекс\w*|стейдж\w*|для коммита|к коммиту|под коммит"
MANAGER = r"(?:file manager|file browser|explorer|finder|nautilus|dolphin|проводник\w*|файлов\w+ менеджер\w*|папк\w+ с файлом)"
CONTENTS = r"(?:inside|content|contents|what's in|what is in|packed|содержим\w+|внутри|состав|лежит|содержится|содержит)"
DIFFERENCE = r"(?:differ\w*|diff|разниц\w*|отлич\w+|различ\w+|расхожд\w+)"
ORDER = (
    r"(?:by|per|into (?:\w+ )?(?:folders|subfolders)|one folder per|по|на папки) (?:\w+ )?(?:month|"
    r"year|day|date|type|kind|extension|size|content|topic|месяц|год|дн|дат|тип|вид|расширен|размер|"
    r"содерж|тем)\w*|(?:monthly|yearly|daily) (?:sub)?folders"
)
ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".gz", ".7z", ".rar", ".bz2", ".xz")
FILES = r"files?|folders?|documents?|photos?|pictures?|images?|everything|файл\w*|папк\w*|документ\w*|все(?!\w)|содержимое папки"
ABOUT = (
    r"(?:about|on the topic|regarding|concerning|mention\w*|related to|says?|said|wrote|(?:о|об|обо|про|насчет|касательно)(?!\w)|"
    r"упомина\w+|написан\w*|записан\w*|сказан\w*)"
)
