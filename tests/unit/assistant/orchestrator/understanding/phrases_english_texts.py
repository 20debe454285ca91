"""Requests in English for texts, archives and git as people say them, by the command they ask for: one a line."""

PHRASES: dict[str, str] = {
    "text.todos": """
collect all TODOs here into todo.md
collect every TODO in ~/jobs/src into todo.csv
list every TODO in ~/jobs/src
show all TODOs in this project
find all todos in ~/jobs
what TODOs are left here?
make a table of all TODOs in ~/jobs/src
gather the todos from ~/jobs/src into tasks.md
make a todo list from ~/jobs/src in todo.md
which FIXMEs are there in ~/jobs/src?
show me the FIXMEs in ~/jobs/src
put together a list of TODOs in ~/jobs/src
all todos in ~/jobs/src
extract the todos from ~/jobs/src to todo.csv
""",
    "text.extract": """
extract lines containing "ERROR" from app.log into errors.csv
extract the lines with "ERROR" from app.log
pull all rows with Berlin from customers.csv into berlin.csv
filter rows that mention "Berlin" in customers.csv to berlin.csv
find lines with "timeout" in app.log
grab the lines that contain "WARN" from app.log and save them to warn.csv
collect all lines with "price" from the md files here into prices.csv
get lines mentioning "lease" from a.txt please
extract rows containing 'paid' from the csv files in Documents into paid.csv
extract every line matching the regex "E\\d+" from app.log to codes.csv
search app.log for lines with "fatal"
pick out the rows about "Anna" from people.csv into anna.csv
please extract the lines containing lease from ~/jobs/docs into lines.csv
""",
    "text.create": """
create a note plan.md with the text "first draft"
create a file ideas.txt
new note shopping.md
new file plan.md
make a note called ideas.md with the text "buy milk"
create ideas.md with the content "one"
write a note todo.md: buy milk and delete cookies
start a new note journal.md
please create an empty file empty.txt
could you create a note in Documents called trip.md saying "Rome"?
create ~/jobs/notes/today.md with "meeting at 10"
make a new text file list.txt with the text "a, b, c"
save "call Peter" as reminder.md
create a document letter.md
""",
    "text.append": """
append "call Peter" to todo.md
add "call Peter" to todo.md
add the line "pay rent" to list.txt
add buy milk to todo.md
append "done" to the end of ~/jobs/log.md
please add "eggs" to shopping.md
write "meeting moved" into journal.md
note down "idea" in ideas.md
insert "last line" into a.txt
append the words "x y" to a.txt
add "water the plants" under the heading "Home" in todo.md
could you add 'milk' to list.txt?
jot down "call mum" in todo.md
append to a.txt: remember to delete the old files
""",
    "text.replace": """
replace "colour" with "color" in all md files here
replace 'Ltd' with 'Inc' in contract.txt
replace foo with bar in a.txt
change "2025" to "2026" in a.txt
substitute "old_name" with "new_name" in ~/jobs/src
find and replace "teh" with "the" in all txt files here
replace every "foo" by "bar" in ~/jobs/src including subfolders
swap "left" for "right" in a.txt
please replace "Anna" with "Maria" in ~/jobs/docs
search and replace "http" with "https" in *.md
replace the word "cat" with "dog" in a.txt, whole words only
could you change 'draft' to 'final' in "my plan.md"?
""",
    "text.convert": """
convert readme.md to html
convert table.csv to markdown
convert page.html to markdown
turn readme.md into html
turn table.csv into a markdown table
transform readme.md to HTML
export readme.md as html
please convert data.csv to html
could you convert notes.html into md?
convert ~/jobs/docs/plan.md to html
convert readme.md to html as site.html
make a html page from readme.md
render readme.md as html
convert table.md to csv
""",
    "archive.pack": """
zip the folder ~/jobs/site into site.zip
zip ~/jobs/site
pack ~/jobs/docs into docs.zip
compress all logs here into logs.tar.gz
archive the folder ~/jobs/site as site.tar.gz
put a.txt and b.txt into texts.zip
pack all pdfs in Downloads into pdfs.zip
create a zip of ~/jobs/site
create an archive docs.zip from ~/jobs/docs
make a zip archive of a.txt
please compress ~/jobs/site
bundle the csv files here into data.zip
could you zip up ~/jobs/docs for me?
pack a.txt, b.txt into both.zip
""",
    "archive.unpack": """
unpack photos.zip
unzip photos.zip
unzip photos.zip to ~/restore
extract backup.tar.gz
extract backup.tar.gz into ~/restore
unpack ~/Downloads/pack.zip into ~/jobs/unpacked
decompress data.tgz
untar backup.tar
please unpack photos.zip into Pictures
could you extract photos.zip?
uncompress logs.gz
expand archive.zip here
extract everything from photos.zip to Pictures
""",
    "archive.list": """
what is inside photos.zip?
what's in photos.zip?
list the contents of photos.zip
show what is in backup.tar.gz
show the contents of archive.zip
list photos.zip
which files are in photos.zip?
what does archive.zip contain?
display the files in photos.zip
show me the files inside backup.tar.gz
let me see what's inside photos.zip
look inside photos.zip
""",
    "git.status": """
git status
show the git status
show git status of ~/jobs/repo
what is the status of the repository?
status of the repo
repository status
git status in ~/jobs/repo please
what's the git status?
are there uncommitted changes in the repository?
show uncommitted changes in git
show me the status of the repo ~/jobs/repo
which files in the repository are uncommitted?
""",
    "git.changes": """
what changed in the repository since Monday?
what has changed in the repo since yesterday?
show the commits since v1.2
show commits since 2026-01-01
what changed in ~/jobs/repo since 2020-01-01
git log since last week
show the changes in git since Monday
list the commits of the last 7 days
show the history of the repository
which commits were made this week?
show me what changed in git since the beginning of the month
what's new in the repository since v2.0?
""",
    "git.stage": """
stage all changes
stage everything
stage a.txt
git add a.txt
git add everything
stage a.txt and b.txt
stage all changes in ~/jobs/repo
please stage my changes
add all changes to the index
add a.txt to the staging area
could you stage everything in the repository?
stage the changes in ~/jobs/repo
add everything to git
""",
    "git.commit": """
commit with the message "fix the parser"
commit all changes with the message "wip"
commit everything as "wip"
git commit "fix"
commit all changes in ~/jobs/repo with the message "Second"
please commit my changes with message "cleanup"
make a commit with the message "first"
could you commit the staged changes as 'release'?
commit: fix the parser and delete dead code
create a commit "initial import"
commit in ~/jobs/repo with the message "x"
commit my work with the message 'done for today'
""",
    "git.branch": """
create a branch feature/login
create a new branch called trial
create the branch trial in ~/jobs/repo
new branch trial
make a branch "fix-1"
git branch trial
branch off as hotfix
please create a branch named docs
start a new branch release/2.0
could you create a branch trial and switch to it?
make me a new branch trial
set up a branch named trial
""",
    "git.switch": """
switch to main
switch to the branch main
switch to the main branch
check out main
checkout feature/login
git switch main
git checkout main
go to the branch main
please switch to the branch "fix-1"
switch ~/jobs/repo to the branch main
could you switch to branch develop?
change to the branch main
""",
    "git.stash": """
stash my changes
stash the changes
stash everything
git stash
stash the changes in ~/jobs/repo
stash my work as "half done"
please stash my changes
put my changes in the stash
shelve my changes
set aside my changes in git
could you stash my work?
stash away everything in ~/jobs/repo
""",
    "git.unstash": """
bring the stash back
pop the stash
unstash
git stash pop
apply the stash
restore the stashed changes
get back my stashed changes
restore the stash in ~/jobs/repo
please bring back the stash
unstash my changes
could you apply the stash again?
reapply the stashed changes
""",
}
