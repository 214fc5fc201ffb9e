#!/usr/bin/env bash
# The main job, through the command line against a real server: an organisation publishes an offer, sells it,
# grants 50 seats; the customer assigns them; the software asks "may this user?".
#
# Takes the program from SEATLINE_BIN, or else from target/release or target/debug, the newer one. Uses the
# solutions and CSVs in ../shared/fixtures where that folder lies beside the repository, files of its own otherwise.
# Needs bash, coreutils, diff, and python3 to pack and unpack zips.
set -euo pipefail
. "$(dirname "$0")/server.sh"
fixtures=$root/../shared/fixtures

operator() { "$seatline" --profile operator "$@"; }
fabrikam() { "$seatline" --profile fabrikam "$@"; }
contoso() { "$seatline" --profile contoso "$@"; }

unpack() { mkdir -p "$2" && python3 -m zipfile -e "$1" "$2"; }

# A managed solution with one app, and its unpacked form, as small as they can be.
own_files() {
  local app=$1 manifest customizations
  manifest='<ImportExportXml version="9.2" languagecode="1033"><SolutionManifest>
<UniqueName>FabrikamCampus</UniqueName>
<LocalizedNames><LocalizedName description="Fabrikam Campus" languagecode="1033" /></LocalizedNames>
<Version>1.0.0.0</Version>
<Managed>1</Managed>
<Publisher><UniqueName>fabrikam</UniqueName></Publisher>
</SolutionManifest></ImportExportXml>'
  local name="<UniqueName>$app</UniqueName>"
  customizations="<ImportExportXml>
  <Entities />
  <AppModules><AppModule>$name</AppModule></AppModules>
  <EntityDataProviders />
  <Languages><Language>1033</Language></Languages>
</ImportExportXml>"
  mkdir -p "$work/own/zip" "$work/unpacked/Other" "$work/unpacked/AppModules/$app"
  printf '%s' "$manifest" > "$work/own/zip/solution.xml"
  printf '%s' "$customizations" > "$work/own/zip/customizations.xml"
  printf '%s' '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="text/xml" /></Types>' \
    > "$work/own/zip/[Content_Types].xml"
  (cd "$work/own/zip" && python3 -m zipfile -c "$work/plain.zip" solution.xml customizations.xml '[Content_Types].xml')
  printf '%s' "$manifest" > "$work/unpacked/Other/Solution.xml"
  printf '\xef\xbb\xbf<ImportExportXml>\r\n  <Entities />\r\n  <EntityDataProviders />\r\n</ImportExportXml>' \
    > "$work/unpacked/Other/Customizations.xml"
  printf '%s' "<AppModule>$name</AppModule>" > "$work/unpacked/AppModules/$app/AppModule.xml"
  printf 'ServiceID,Display name,More info URL\nfabrikam.campus.basic,Campus Basic,\nfabrikam.campus.premium,Campus Premium,\n' \
    > "$work/definitions.csv"
  printf 'Service ID,Component name\nfabrikam.campus.basic,%s\nfabrikam.campus.premium,%s\n' "$app" "$app" > "$work/mapping.csv"
}

step "Take the solution, unpacked and as a zip"
if [[ -d $fixtures ]]; then
  component=mshied_HigherEd
  unpacked_app=msfsi_retailbanking
  cp "$fixtures/solutions/Dynamics365HigherEducationAcceleratorCanvasModel_managed.zip" "$work/plain.zip"
  cp -R "$fixtures/solutions/RetailBanking" "$work/unpacked"
  cp "$fixtures/licensing/plan_definition.csv" "$work/definitions.csv"
  cp "$fixtures/licensing/plan_mapping.csv" "$work/mapping.csv"
else
  component=fab_Campus
  unpacked_app=fab_Campus
  own_files "$component"
fi
"$seatline" solution show-license --solution "$work/plain.zip"

step "Write the license into the zip: every other entry stays byte for byte"
"$seatline" solution add-license --solution "$work/plain.zip" -pd "$work/definitions.csv" -pm "$work/mapping.csv" \
  --output "$work/first.zip"
unpack "$work/plain.zip" "$work/zip-before"
unpack "$work/first.zip" "$work/zip-after"
diff -r --exclude=customizations.xml "$work/zip-before" "$work/zip-after"
grep -q 'serviceplan name="fabrikam.campus.basic"' "$work/zip-after/customizations.xml"
cp "$work/first.zip" "$work/again.zip"
"$seatline" solution add-license --solution "$work/again.zip" -pd "$work/definitions.csv" -pm "$work/mapping.csv"
cmp "$work/first.zip" "$work/again.zip"
"$seatline" solution remove-license --solution "$work/again.zip"
unpack "$work/again.zip" "$work/zip-undone"
diff -r "$work/zip-before" "$work/zip-undone"

step "Write the license into the unpacked folder: every other file stays byte for byte"
cp -R "$work/unpacked" "$work/folder-before"
sed "s/$component/$unpacked_app/" "$work/mapping.csv" > "$work/folder-mapping.csv"
"$seatline" solution add-license --solution "$work/unpacked" -pd "$work/definitions.csv" -pm "$work/folder-mapping.csv"
diff -r --exclude=Customizations.xml --exclude=ServicePlans "$work/folder-before" "$work/unpacked"
[[ -s $work/unpacked/ServicePlans/ServicePlans.xml && -s $work/unpacked/ServicePlans/ServicePlanAppModules.xml ]]
grep -q 'serviceplan name="fabrikam.campus.basic"' "$work/unpacked/Other/Customizations.xml"
"$seatline" solution remove-license --solution "$work/unpacked"
diff -r "$work/folder-before" "$work/unpacked"

step "Start the server on an empty database, and make an operator on the machine"
printf 'correct horse battery\n' > "$work/password"
"$seatline" admin create-operator --email olga@market.example --name Olga --password-file "$work/password" --data "$work/data"
serve "$work/data"
sign_in() { "$seatline" --profile "$1" login --server "$url" --email "$2" --password-file "$work/password"; }
sign_in operator olga@market.example

step "Admit the publisher fabrikam and the customer contoso"
operator tenant create --slug fabrikam --name Fabrikam --country US --publisher-id fabrikam \
  --admin-email fay@fabrikam.example --admin-name Fay --admin-password-file "$work/password"
tenant=$(operator --json tenant create --slug contoso --name Contoso --country US \
  --admin-email carl@contoso.example --admin-name Carl --admin-password-file "$work/password")
customer=$(pick '"id":"(ten_[^"]+)"' "$tenant")
sign_in fabrikam fay@fabrikam.example
sign_in contoso carl@contoso.example

step "Create the offer campus with its plans"
fabrikam offer create --offer-id campus --alias "Campus of the main job"
for plan in Basic Premium Gold; do
  fabrikam plan create campus --plan-id "${plan,,}" --name "Campus $plan"
done
fabrikam plan list campus

step "Upload what the listing shows"
upload() { pick '"sha256":"([0-9a-f]+)"' "$(fabrikam --json offer file upload campus "$root/crates/package/src/$1")"; }
logo=$(upload sample_logo.png)
screenshot=$(upload sample_screenshot.png)
guide=$(upload sample_guide.pdf)
fabrikam offer file list campus

step "Fill the pages of the offer from one file"
cat > "$work/offer.toml" <<TOML
[setup]
license_management = true

[properties]
primary_category = "education"
app_version = "1.0"
terms_url = "https://fabrikam.example/terms"

[listing]
name = "Fabrikam Campus"
summary = "Runs a campus"
description = "Courses, rooms and people."
keywords = ["campus"]
help_url = "https://fabrikam.example/help"
support_url = "https://fabrikam.example/support"
privacy_url = "https://fabrikam.example/privacy"
support_contact = { name = "Sue", email = "sue@fabrikam.example", phone = "+1 555 0100" }
engineering_contact = { name = "Eve", email = "eve@fabrikam.example", phone = "+1 555 0101" }
logo = "$logo"
screenshots = [{ file = "$screenshot", caption = "Courses" }]
documents = [{ file = "$guide", caption = "How to begin" }]
translations.ko = { name = "파브리캄 캠퍼스", summary = "캠퍼스 운영", description = "강의, 강의실, 사람." }

[availability]
markets = ["US", "KR"]
hide_key = "opensesame1"

[technical_configuration]
base_license_model = "user"

[supplemental_content]
key_usage_scenarios = "$guide"
TOML
fabrikam offer apply campus "$work/offer.toml"

step "License the solution with the plans as the offer exports them"
fabrikam plan export campus --output "$work/exported.csv"
cp "$work/mapping.csv" "$work/all-mapping.csv"
[[ -z $(tail -c 1 "$work/all-mapping.csv") ]] || echo >> "$work/all-mapping.csv"
echo "fabrikam.campus.gold,$component" >> "$work/all-mapping.csv"
"$seatline" solution add-license --solution "$work/plain.zip" -pd "$work/exported.csv" -pm "$work/all-mapping.csv" \
  --output "$work/Campus_managed.zip"
"$seatline" solution show-license --solution "$work/Campus_managed.zip"

step "Build the store package and check it"
base64 -d > "$work/logo32x32.png" <<'PNG'
iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAIAAAD8GO2jAAAAKklEQVR42mOQz39NU8QwasGoBaMWjFowasGoBaMW
jFowasGoBaMWDBULADO75EzIKS1XAAAAAElFTkSuQmCC
PNG
echo '<html><body><p>Be kind.</p></body></html>' > "$work/TermsOfUse.html"
"$seatline" package build --solution "$work/Campus_managed.zip" --provider-name Fabrikam --icon "$work/logo32x32.png" \
  --terms "$work/TermsOfUse.html" --countries US,KR --start-date 2026-01-31 --end-date 2036-01-31 \
  --learn-more https://fabrikam.example/campus --output "$work/Fabrikam_Campus.zip"
"$seatline" package check "$work/Fabrikam_Campus.zip" \
  --plan fabrikam.campus.basic --plan fabrikam.campus.premium --plan fabrikam.campus.gold

step "Upload and publish"
fabrikam package upload campus "$work/Fabrikam_Campus.zip"
fabrikam package download campus --output "$work/downloaded.zip"
cmp "$work/Fabrikam_Campus.zip" "$work/downloaded.zip"
fabrikam offer publish campus --notes "The first version"

step "Certify, and go live"
queue=$(operator --json certification list)
submission=$(pick '"id":"(sub_[^"]+)"' "$queue")
operator certification approve "$submission" --notes "Well made"
"$seatline" --server "$url" storefront preview fabrikam.campus --key opensesame1 > "$work/preview"
fabrikam offer go-live campus
"$seatline" --server "$url" storefront list --search campuss --category education | grep fabrikam.campus
"$seatline" --server "$url" storefront file "$guide" --output "$work/guide.pdf"
cmp "$work/guide.pdf" "$root/crates/package/src/sample_guide.pdf"
fabrikam offer compare campus
"$seatline" --server "$url" storefront show fabrikam.campus

step "Register the deal"
deal=$(fabrikam --json deal create --company Contoso --country US --offer campus --contract-type new \
  --total-value 1200000 --solution-value 900000 --currency USD --hosting customer_cloud \
  --consumption-tenant customer --consumption-tenant-id "$customer" --signed-on 2026-05-01 --starts-on 2026-05-15 \
  --contact-first-name Rae --contact-last-name Ferral --contact-phone "+1 555 0102" --contact-email rae@fabrikam.example)
deal=$(pick '"id":"(dea_[^"]+)"' "$deal")
fabrikam deal submit "$deal"
operator deal approve "$deal"

step "Invite the customer, who consents"
invitation=$(fabrikam --json customer invite --note "The main job")
token=$(pick '"token":"([^"]+)"' "$invitation")
contoso invitation preview "$token"
contoso relationship accept "$token"
fabrikam customer list

step "Grant 50 Gold seats"
fabrikam license update --deal "$deal" --customer "$customer" --plan gold=50
contoso license show --service-id fabrikam.campus.gold

step "Add 51 users, and assign a seat to 50 of them"
for number in $(seq -w 1 51); do
  contoso user create --email "user$number@contoso.example" --name "User $number" > "$work/user"
  if [[ $number != 51 ]]; then echo "user$number@contoso.example" >> "$work/users.txt"; fi
done
contoso license assign --service-id fabrikam.campus.gold --file "$work/users.txt" > "$work/assigned"
contoso license list

step "The app's component opens for a user with a seat"
contoso check --user user01@contoso.example --component "$component" --offer fabrikam.campus
contoso check --user user50@contoso.example --service-id fabrikam.campus.gold

step "It is refused, with the reason, for a user without one"
refused 3 "Invalid License" 0x80050301 "$component" "Campus Basic: fabrikam.campus.basic" \
  "Campus Premium: fabrikam.campus.premium" "Campus Gold: fabrikam.campus.gold" -- \
  contoso check --user user51@contoso.example --component "$component" --offer fabrikam.campus

step "The 51st assignment is refused"
refused 1 CountViolation assignment.refused -- \
  contoso license assign --service-id fabrikam.campus.gold user51@contoso.example
refused 3 "Invalid License" -- \
  contoso check --user user51@contoso.example --service-id fabrikam.campus.gold

printf '\nmain job: ok\n'
