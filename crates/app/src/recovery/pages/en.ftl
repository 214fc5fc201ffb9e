# A new password for whoever forgot theirs.
forgotten-title = Forgotten password
forgotten-lead = We mail you a link with which you choose a new one.
send = Mail me a link
sent = If somebody with this address may sign in here, a link is on its way. It is good for an hour.
field-email = E-mail address
reset-title = Choose a new password
reset-for = For { $email } at { $organisation }. You will be signed out everywhere, and your access tokens end.
reset = Change password
reset-done = Your password was changed. Sign in with the new one.
over-title = This link is no longer good
over-text = It was used, a later one took its place, or an hour has passed.
again = Ask for a new link
field-new-password = New password
field-new-password-help = At least 10 characters. A sentence is easy to remember and hard to guess.
field-repeated-password = New password, once more
