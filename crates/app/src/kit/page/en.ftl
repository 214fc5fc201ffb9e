# The words of the shell and of the components.
skip = Skip to content
menu = Menu
navigation = Navigation
portals = Portals
breadcrumb = You are here
account = Account
sign-in = Sign in
sign-out = Sign out
language = Language
theme = Appearance
theme-system = Device
theme-light = Light
theme-dark = Dark
keys = Press / to search
keys-on = On
keys-off = Off
switch-organisation = Use another organisation
my-licenses = My licenses
mail-preferences = Notices by mail
notices = Notices
notices-unread = Notices, { $count } unread
notices-unread-more = Notices, more than { $count } unread
unread = Unread
change-password = Change password
access-tokens = Access tokens
help = Help
required = required
optional = optional
saved-meanwhile = Somebody else saved this after you opened it. Nothing of yours was saved yet, and nothing you entered is lost. Send it again to replace what they saved.
saved-differs = Where what is saved now differs from what you entered:
saved-nothing = (empty)
mend = Please mend what is marked, then send it again.
copy = Copy
copied = Copied
search = Search
clear = Clear
search-names = Search by name
none-found = Nothing found
none-called = Nothing in this list is called “{ $name }”.
search-all = Search everything
suggestions =
    { $count ->
        [0] Nothing suggested
        [one] 1 suggestion
       *[other] { $count } suggestions
    }
added = { $name } was chosen
next-page = Next page
first-page = First page
rows = Rows
select-all = Select all rows on this page
select-row = Select { $name }
actions = Actions
close = Close
cancel = Cancel
confirm-title = Are you sure?
step-done = done
step-now = current step
step-failed = needs attention
steps = Steps
status = Status
progress = { $name } per cent done
chart-table = The same as a table
refusal-missing = There is no such page
refusal-refused = This could not be done
refusal-failed = Something went wrong here
refusal-later = This cannot be done right now
refusal-home = Go to the start page
narrow = Narrow the list
choose-all = Choose all shown
choose-none = Choose none
chosen = { $name } chosen
just-now = Just now
minutes-ago =
    { $count ->
        [one] 1 minute ago
       *[other] { $count } minutes ago
    }
hours-ago =
    { $count ->
        [one] 1 hour ago
       *[other] { $count } hours ago
    }
days-ago =
    { $count ->
        [one] 1 day ago
       *[other] { $count } days ago
    }
as-file = Download as CSV
no-answer-status = It answered { $name }.
no-answer-not-allowed = The address is not allowed: it must lead to a public host, by https.
no-answer-host-not-found = The name of the host is not known.
no-answer-timed-out = There was no complete answer in time.
no-answer-too-large = The answer is too large.
no-answer-too-many-redirects = There were too many redirects.
no-answer-failed = No answer: { $name }.
no-answer-not-stored = What was read could not be stored.
