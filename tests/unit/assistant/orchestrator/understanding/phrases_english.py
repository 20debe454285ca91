"""Requests in English as people say them, by the command they ask for: one a line."""

PHRASES: dict[str, str] = {
    "question": """
when does the lease end?
what did we agree about the deposit
who is responsible for the heating?
how do I rename a branch?
how can I delete old docker images
why were the photos moved?
should I archive the contract?
is the invoice paid?
where is retry_limit set?
find out what the contract says about notice periods
tell me what I wrote about the heat pump
look up the rent in my notes
search my notes for the landlord's phone number
explain what the parser does
can you explain how the gateway copies requests?
remind me what the insurance covers
what does "delete all files" mean?
do I need to remove the old config?
which of the contracts mentions a deposit?
how many days of notice does the lease need?
""",
    "report.write": """
summarise the folder ~/jobs/notes into summary.md
summarize everything in Documents in overview.md
write a report about the heat pump into pump.md
write a summary of ~/jobs/notes to notes.md
create a report on the lease and save it as lease.md
make an overview of this folder in overview.md
make me a digest of what my notes say about heating in heating.md
prepare a report about insurance in insurance.md
generate a summary of ~/Documents/Проекты into projects.md
please write a brief report on the budget to budget.md
could you put together an overview of ~/jobs/notes in overview.md?
compile a report about the warehouse into warehouse.md
sum up ~/jobs/notes into sum.md
draft a report about solar panels and write it to solar.md
I need a summary of the folder invoices in inv.md
a summary of ~/jobs/notes into s.md
""",
    "files.rename": """
rename the photos here by date
rename all pictures in Pictures by date
rename a.txt to c.txt
rename "my plan.md" to "plan 2026.md"
please rename a.txt to notes.txt
rename the files in ~/jobs/docs to "doc_{n:03}{ext}"
number the photos in Pictures
number all files in this folder starting from 10
replace spaces with underscores in the file names here
replace "IMG" with "photo" in the names of the jpg files in Pictures
remove spaces from the file names in ~/jobs/docs
remove "copy of " from the file names here
rename the scans folder files by content
add the prefix "2026_" to the names of all pdf files here
rename photos by date taken
could you rename the screenshots by date?
rename the notes in ~/jobs/notes by their title
change the file name of a.txt to z.txt
""",
    "files.sort": """
sort the screenshots by month
sort my screenshots into folders by month
organise ~/Downloads by type
organize the downloads folder by file type
sort the photos in Pictures by year
group the files here by extension
put the photos into folders by month
put every picture in Pictures into a folder per year
arrange the desktop by type
file away the pdfs in Downloads by month
sort out Downloads by type
split the photos in ~/Pictures into monthly folders
can you sort the screenshots in Pictures by day?
I'd like you to sort this folder by size
sort the documents in Documents by topic
distribute the files in ~/jobs/inbox into folders by year
please organise my photos by date
""",
    "files.move": """
move all pdfs from Downloads to Documents
move *.csv from ~/jobs/docs to ~/jobs/kept
move a.txt to Documents
please move a.txt and b.txt to ~/archive
put a.txt into Documents
put all pictures from Downloads into Pictures
move the pictures on the desktop to Pictures
could you move the zip files older than a month to ~/old?
transfer the videos from Downloads to ~/Videos
relocate report.docx to Documents
move everything from Downloads to ~/sorted
move files larger than 1 GB from Downloads to ~/big
move "my plan.md" into the invoices folder
I want to move the logs here to ~/logs
move the folder ~/jobs/site to ~/archive
gather all pdf files from Downloads into ~/papers
""",
    "files.copy": """
copy a.txt to Documents
copy all pdfs from Downloads to ~/papers
please copy the photos in Pictures to ~/backup
make a copy of a.txt in Documents
make copies of all pdf files here in ~/backup
duplicate a.txt to ~/backup
back up ~/jobs/site to ~/backup
backup the folder ~/jobs/site to ~/backup
could you copy b.txt onto the desktop?
copy the pictures taken last month from Pictures to ~/best
clone the folder ~/jobs/site into ~/jobs/site2
copy "my plan.md" to ~/archive
I'd like to copy the csv files here to ~/data
create a backup of a.txt in ~/backup
""",
    "files.trash": """
delete old.log
delete a.txt and b.txt
remove a.txt
trash all tmp files here
throw away the log files in this folder
please delete the zip files in Downloads
get rid of files older than 90 days in Downloads
erase the screenshots on the desktop
bin the installers in Downloads
move old.log to the trash
move files larger than 2 GB from Downloads to the trash
could you delete the pdf files in Downloads that are older than a year?
discard everything in ~/jobs/tmp
delete the folder ~/jobs/site
put a.txt in the trash
I want you to remove all .bak files from ~/jobs
remove *.pyc from ~/jobs including subfolders
delete photos from October 2025 in Pictures
""",
    "files.duplicates": """
find duplicates in Pictures and trash the extras
find duplicate photos in Pictures and move the extra ones to the trash
remove duplicates from Downloads
delete duplicate files in Documents
delete the duplicates in ~/jobs, keep the newest
get rid of duplicate pictures in Pictures
deduplicate ~/Downloads
clean up duplicates in Downloads
find near-duplicates in Pictures and delete all but one
please remove the duplicate files here and keep the oldest
look for identical files in ~/jobs and remove the extra copies
trash the duplicate photos in Pictures
dedupe my pictures in Pictures
find and remove duplicates in Documents
remove extra copies from Pictures
""",
    "files.list_duplicates": """
show duplicates in Pictures
list duplicate files in Documents
find duplicates in Downloads
find duplicate photos in Pictures
are there duplicates in Documents?
which files are duplicates in ~/jobs?
show me near-duplicates in Pictures
find similar pictures in Pictures
show identical files here
list the duplicates in Downloads and Documents
do I have duplicate photos in Pictures?
search for duplicates in ~/jobs
duplicates in Downloads
look for look-alike photos in Pictures
""",
    "files.clean": """
clean up empty folders in ~/jobs
remove empty folders here
delete all empty folders in Downloads
clean up Downloads
clean up old downloads
tidy up Downloads
tidy my downloads: files older than 60 days can go
clear out old files from Downloads
clean the downloads folder from files older than 30 days
please clean up files larger than 1 GB in Downloads
clean out ~/jobs/tmp
get rid of empty directories in ~/jobs
declutter the desktop
clean up old files and empty folders in ~/jobs
""",
    "files.list": """
list the files in Documents
list all pdfs in Downloads
show the files in Downloads larger than 500 MB
show me all photos from last month in Pictures
which files in Downloads are larger than 1 GB?
what files are in ~/jobs/docs?
find all pdf files in Downloads
find files older than a year in Documents
show everything in this folder
list the contents of ~/jobs/docs
show spreadsheets changed in the last 7 days
display all videos in ~/Videos
find files over 2 GB here
list folder ~/jobs/docs
show me the screenshots from today
how many photos are in Pictures?
""",
    "files.compare": """
compare a.txt and b.txt
compare a.txt with b.txt
compare the folders ~/jobs/v1 and ~/jobs/v2
diff a.txt b.txt
diff a.txt against b.txt
what is the difference between a.txt and b.txt?
what's different between ~/jobs/v1 and ~/jobs/v2?
show the differences between a.txt and b.txt
please compare "my plan.md" to a.txt
how do a.txt and b.txt differ?
could you compare ~/jobs/v1 to ~/jobs/v2?
find the differences between a.txt and b.txt
how does a.txt differ from b.txt?
""",
    "files.open": """
open a.txt
open the folder ~/jobs/docs
please open "my plan.md"
open budget.xlsx in Documents
could you open report.docx?
show a.txt in the file manager
reveal a.txt
reveal b.txt in the file manager
open the downloads folder
open Downloads
show me a.txt
I want to open ~/jobs/site/index.html
open this folder in the file manager
show invoice.pdf in explorer
""",
}
