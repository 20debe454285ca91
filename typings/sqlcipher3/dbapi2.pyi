"""The names and types of sqlite3.dbapi2, which sqlcipher3.dbapi2 mirrors."""

from sqlite3.dbapi2 import *
from sqlite3.dbapi2 import Connection as Connection
from sqlite3.dbapi2 import Cursor as Cursor
from sqlite3.dbapi2 import Row as Row
