# A link to a new password: -subject, -body with an empty line between paragraphs, -action.

reset-subject = A new password for { $organisation }
reset-body =
    { $name }, somebody asked for a new password for your account at { $organisation }. Choose it within
    { $minutes } minutes. Every device and program that is signed in with the account will be signed out.

    If it was not you, do nothing: your password stays as it is.
reset-action = Choose a new password
