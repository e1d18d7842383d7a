package api

import (
	"net/http"

	"github.com/guanxicrm/guanxi/internal/core/customize"
	"github.com/guanxicrm/guanxi/internal/core/desk"
	"github.com/guanxicrm/guanxi/internal/core/importer"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

func line(method, path string, p Policy, fn func(*request) error) route {
	return route{Route: Route{method, path, p}, fn: fn}
}

// table is the whole API: every route with its policy and what the OpenAPI
// document says of it.
func (s *Server) table() []route {
	var out []route
	for _, part := range [][]route{s.accountRoutes(), s.metaRoutes(), s.recordRoutes(), s.deskRoutes(), s.tableRoutes(), s.peopleRoutes(), s.customizeRoutes()} {
		out = append(out, part...)
	}
	return out
}

// tagText describes a group of routes that belong to no entity.
func tagText(name string) string {
	texts := ordered[string]{{"health", "Is the program well"}, {"setup", "The first run"}, {"session", "Signing in and out"}, {"company", "Whose installation this is"}, {"me", "The signed-in member's own affairs"},
		{"meta", "What pages and programs draw themselves from"}, {"search", "Search over all entities"}, {"events", "What happens, as it happens"},
		{"views", "Saved lists"}, {"files", "Uploaded files"}, {"changesets", "What was written together, and undoing it"},
		{"import", "Tables from elsewhere"}, {"export", "Tables to take away"}, {"jobs", "Work that goes on after the answer"},
		{"settings", "The company's settings"}, {"mail", "The server that sends the company's mail, and its letters"}, {"backups", "Copies of everything"},
		{"members", "Who can come in"}, {"roles", "Who may do what"}, {"customize", "Entities and fields made by administrators"}}
	text, _ := texts.get(name)
	return text
}

const ok = http.StatusOK

func (s *Server) accountRoutes() []route {
	return []route{
		line("GET", "/health", Public, s.health).
			says("health.get", "Does the program answer", "For load balancers and watchdogs; tells nothing about the installation.").gives(ok, "It does", of[aliveOut]()),
		line("GET", "/health/detail", Admin, s.healthDetail).
			says("health.detail", "State of the installation", "Database, keys, backups.").gives(ok, "The state", of[Health]()),
		line("GET", "/setup", Public, s.setupState).
			says("setup.state", "Is the first run still to be done", "It is until an administrator exists.").gives(ok, "Whether it is", of[setupStateOut]()),
		line("POST", "/setup", Public, s.setup).
			says("setup.run", "Do the first run", "Makes the company and its administrator and signs him in. The recovery passphrase is shown this once.").
			takes(bodyOf[SetupInput]()).gives(ok, "Done", of[passphraseOut](), "Set-Cookie").fails(409, 429),
		line("POST", "/session", Public, s.signIn).
			says("session.open", "Sign in", "Opens a session and sets its cookie.").takes(bodyOf[signInBody]()).gives(ok, "Signed in", of[whoOut](), "Set-Cookie").fails(401, 403, 429),
		line("GET", "/session", Member, s.whoAmI).
			says("session.get", "Who is signed in", "The member whose session or key this is.").gives(ok, "The member", of[whoOut]()),
		line("DELETE", "/session", Member, s.signOut).
			says("session.close", "Sign out", "Ends the session or revokes the key that is used.").gives(204, "Signed out", nil, "Set-Cookie"),
		line("POST", "/session/renew", Public, s.renew).
			says("session.renew", "Sign in with a password that is too old", "Sets another in its place; what was open in the member's name ends.").
			takes(bodyOf[renewBody]()).gives(ok, "Signed in", of[whoOut](), "Set-Cookie").fails(401, 429),
		line("POST", "/session/forgot", Public, s.forgot).
			says("session.forgot", "Ask for a link by mail", "For members who forgot their password. The answer is the same whether there is such a member or not.").
			takes(bodyOf[forgotBody]()).gives(204, "Noted", nil).fails(429),
		line("GET", "/company", Public, s.face).
			says("company.get", "Whose installation this is", "What the sign-in page shows.").gives(ok, "The company", of[faceOut]()),
		line("GET", "/company/logo", Public, s.logo).
			says("company.logo", "The company's logo", "As PNG.").asks("v").givesRaw(ok, "image/png", "The logo").fails(404),
		line("POST", "/session/link/look", Public, s.lookAtLink).
			says("session.lookAtLink", "Whose link is this", "For the page behind an invitation or a reset.").takes(bodyOf[linkBody]()).gives(ok, "Its owner", of[linkOwnerOut]()).fails(404, 429),
		line("POST", "/session/link", Public, s.useLink).
			says("session.useLink", "Set a password by a link", "Uses the link up and signs in; what was open in the member's name ends.").
			takes(bodyOf[linkUseBody]()).gives(ok, "Signed in", of[whoOut](), "Set-Cookie").fails(404, 429),
		line("GET", "/me", Member, s.whoAmI).
			says("me.get", "My profile", "The member whose session or key this is.").gives(ok, "The member", of[whoOut]()),
		line("PATCH", "/me", Member, s.changeMe).
			says("me.update", "Change my profile", "Only what is given changes.").takes(bodyOf[profileBody]()).gives(ok, "The member", of[whoOut]()).fails(409),
		line("POST", "/me/password", Member, s.changePassword).
			says("me.password", "Change my password", "Ends the member's other sessions.").takes(bodyOf[passwordBody]()).gives(204, "Changed", nil).fails(409, 429).onceApart(),
		line("GET", "/me/sessions", Member, s.listSessions).
			says("me.sessions", "My sessions", "Where the member is signed in.").gives(ok, "The sessions", of[itemsOf[credentialOut]]()),
		line("DELETE", "/me/sessions/{id}", Member, s.endSession).
			says("me.endSession", "End one of my sessions", "It is signed out at once.").gives(204, "Ended", nil),
		line("GET", "/me/keys", Member, s.listKeys).
			says("me.keys", "My API keys", "Without the keys themselves, which nobody can read again.").gives(ok, "The keys", of[itemsOf[credentialOut]]()),
		line("POST", "/me/keys", Member, s.newKey).
			says("me.newKey", "Make an API key", "The key is shown this once. Its scope only narrows the rights of its owner.").takes(bodyOf[keyBody]()).gives(201, "Made", of[newKeyOut]()).onceShown(),
		line("DELETE", "/me/keys/{id}", Member, s.endSession).
			says("me.revokeKey", "Revoke one of my API keys", "It stops working at once.").gives(204, "Revoked", nil),
	}
}

func (s *Server) metaRoutes() []route {
	return []route{
		line("GET", "/meta", Member, s.meta).
			says("meta.get", "What the caller can see and do", "Entities, fields, layouts, actions and the menu, under the caller's rights.").cached("The metadata", of[metaOut]()),
		line("GET", "/meta/regions", Member, s.regions).
			says("meta.regions", "Provinces, cities and counties", "The tree behind fields of type region.").cached("The tree", of[itemsOf[regionOut]]()),
		line("GET", "/meta/types", Member, s.types).
			says("meta.types", "Types of fields", "Those that an administrator may choose for a new field.").gives(ok, "The types", of[itemsOf[fieldTypeOut]]()),
		line("GET", "/openapi.json", Member, s.openapi).
			says("meta.openapi", "This document", "Made for the caller: what he has no right to is not in it.").cached("An OpenAPI 3.1 document", func(*document, *schema.Entity) *jsonSchema { return typed("object") }),
		line("GET", "/search", Member, s.search).
			says("search.find", "Search everything", "Words in any order; Chinese, pinyin, initials, the last digits of a phone.").
			asks("q", "entity", "limit", "fresh").gives(ok, "What was found, best first", named("Found")).fails(429),
		line("GET", "/events", Member, s.events).
			says("events.stream", "Stream of what happens", eventText).asks("Last-Event-ID").
			givesRaw(ok, "text/event-stream", "Server-sent events").fails(429).streaming(),
	}
}

func (s *Server) recordRoutes() []route {
	return []route{
		line("GET", "/records/{entity}", Member, s.list).
			says("list", "List {many}", "A page of records under the caller's rights.").
			asks("filter", "sort", "fields", "expand", "limit", "cursor", "count", "q", "deleted", "fresh").gives(ok, "A page", pageShape).fails(429),
		line("POST", "/records/{entity}", Member, s.create).
			says("create", "Create: {one}", "Warned duplicates come with the answer; strict ones refuse it.").asks("duplicates").
			takes(newRecordShape).gives(201, "Created", recordShape, "Location", "ETag").writes().once(),
		line("GET", "/records/{entity}/{id}", Member, s.get).
			says("get", "Read: {one}", "With every field that the caller may see.").asks("fields", "expand").cached("The record", recordShape),
		line("PATCH", "/records/{entity}/{id}", Member, s.patch).
			says("update", "Change: {one}", "Only the fields that are given change (JSON merge patch).").takes(changeShape).gives(ok, "Changed", recordShape, "ETag").versioned(),
		line("DELETE", "/records/{entity}/{id}", Member, s.remove).
			says("delete", "Delete: {one}", "With what belongs to it; it can be restored.").asks("version").gives(ok, "Deleted", named("Deletion")).versioned(),
		line("POST", "/records/{entity}/{id}/restore", Member, s.restore).
			says("restore", "Restore: {one}", "With all that was deleted with it.").gives(ok, "Restored", recordShape).gives(204, "Restored; the caller may not read the record", nil).writes().once(),
		line("GET", "/records/{entity}/{id}/related", Member, s.related).
			says("related", "Related lists of: {one}", "What points to the record, counted under the caller's rights.").gives(ok, "The lists", named("RelatedLists")),
		line("GET", "/records/{entity}/{id}/timeline", Member, s.timeline).
			says("timeline", "History of: {one}", "Newest first; fields that the caller may not see leave no trace.").asks("limit", "cursor").gives(ok, "A page of the history", named("Timeline")),
		line("POST", "/records/{entity}/{id}/actions/{name}", Member, s.act).
			says("actions", "", "An action of the entity; the rules of its lifecycle decide.").gives(ok, "The record after it", recordShape).gives(204, "Done; the caller may no longer read the record", nil).versioned().once(),
		line("POST", "/records/{entity}/{id}/questions/{question}", Member, s.question).
			says("questions", "", "A question about the record, answered by a table; writes nothing.").gives(ok, "The table", named("Answer")).writes(),
		line("POST", "/records/{entity}/bulk", Member, s.bulk).
			says("bulk", "Write several: {many}", "Up to 200 records in one call, each with its own result unless it is atomic; with a filter all that match, as a job.").
			takes(bulkShape).gives(ok, "The results", named("BulkResult")).mass().once(),
		line("POST", "/records/{entity}/bulk/preview", Member, s.previewBulk).
			says("previewBulk", "Count before writing several: {many}", "How many records a bulk call would be about, and to how many of them the caller may do it; writes nothing.").
			takes(bulkShape).gives(ok, "The counts", of[massOut]()).writes(),
		line("POST", "/records/{entity}/query", Member, s.query).
			says("query", "Query {many}", "As the list, with the JSON form of the condition.").takes(queryShape).gives(ok, "A page", pageShape).fails(429),
		line("POST", "/records/{entity}/aggregate", Member, s.aggregate).
			says("aggregate", "Count and sum {many}", "Measures by group under the caller's rights.").takes(aggregateShape).gives(ok, "The groups", named("Aggregation")).fails(429),
		line("POST", "/reports/{entity}/{report}", Member, s.report).
			says("reports", "", "A table computed from what the caller may read; writes nothing.").fails(429),
		line("POST", "/reports/{entity}/{report}/{format}", Member, s.reportFile).
			says("reports.file", "", "The same table as a file, format xlsx or csv. It needs the right to export.").givesRaw(ok, "*/*", "The file").fails(429),
		line("POST", "/records/{entity}/board", Member, s.board).
			says("board", "Board of {many}", "The records in columns, one for each value of a field, each with its count, its totals and its first cards.").
			takes(boardQueryShape).gives(ok, "The columns", boardShape).fails(429),
		line("POST", "/records/{entity}/preview", Member, s.preview).
			says("preview", "Preview: {one}", "Computes what a form would save, and what is wrong with it; writes nothing.").takes(dryShape).gives(ok, "What it would be", previewShape).writes(),
		line("GET", "/records/{entity}/{id}/print/{layout}", Member, s.printRecord).
			says("print", "Print: {one}", "A PDF in one of the entity's print layouts, under the caller's rights: what he may not see is not on it. With inline=1 for looking at.").
			asks("inline").givesRaw(ok, pdfKind, "The document").fails(403, 404),
		line("POST", "/records/{entity}/duplicates", Member, s.duplicates).
			says("duplicates", "Look for duplicates: {one}", "Records that look alike; of those the caller may not read he learns that they are there and whose they are.").
			takes(dryShape).gives(ok, "The duplicates", named("Duplicates")).writes(),
	}
}

// deskRoutes are what a member has around the records.
func (s *Server) deskRoutes() []route {
	return []route{
		line("GET", "/views", Member, s.listViews).
			says("views.list", "Saved lists", "The member's own and the shared ones.").asks("entity").gives(ok, "The views", of[itemsOf[viewOut]]()),
		line("POST", "/views", Member, s.saveView).
			says("views.create", "Save a list", "Its condition, order and columns are checked first.").takes(bodyOf[viewBody]()).gives(201, "Saved", of[viewOut]()).fails(404, 409).onceApart(),
		line("PATCH", "/views/{id}", Member, s.saveView).
			says("views.update", "Change a saved list", "The whole view is given anew.").takes(bodyOf[viewBody]()).gives(ok, "Changed", of[viewOut]()).fails(409),
		line("DELETE", "/views/{id}", Member, s.deleteView).
			says("views.delete", "Delete a saved list", "The member's own; administrators delete shared ones too.").gives(204, "Deleted", nil),
		line("GET", "/me/desk", Member, s.desk).
			says("me.desk", "What I starred and saw last", "Newest first; what the caller may no longer read is left out.").gives(ok, "The desk", of[deskOut]()),
		line("PATCH", "/me/look", Member, s.changeLook).
			says("me.look", "Change how the page looks to me", "Only what is given changes.").takes(bodyOf[desk.Look]()).gives(ok, "The look", of[desk.Look]()),
		line("POST", "/me/starred", Member, s.star).
			says("me.star", "Star a record or a view", "Or take the star away.").takes(bodyOf[deskBody]()).gives(204, "Done", nil).fails(404).onceApart(),
		line("POST", "/me/seen", Member, s.saw).
			says("me.saw", "Note that I saw a record", "The last forty are kept.").takes(bodyOf[deskBody]()).gives(204, "Noted", nil).fails(404).onceApart(),
		line("POST", "/meta/spelling", Member, s.spelling).
			says("meta.spelling", "How labels are typed in pinyin", "Syllables with blanks between them, several readings with a slash; for pages that filter labels themselves.").
			takes(bodyOf[spellingBody]()).gives(ok, "The spellings, in order", of[itemsOf[string]]()).onceApart(),
		line("POST", "/files", Member, s.upload).
			says("files.upload", "Upload a file", "The body is the file. It belongs to its uploader until a record takes it in.").asks("X-Filename").
			takesRaw("*/*", "The file").gives(201, "Uploaded", named("File")).onceApart(),
		line("GET", "/files/{id}", Member, s.download).
			says("files.download", "Download a file", "For those who may read the record that holds it.").asks("inline", "Range", "If-None-Match").
			givesRaw(ok, "*/*", "The file", "ETag").givesRaw(206, "*/*", "Part of it", "ETag").gives(304, "Not changed since", nil),
		line("GET", "/changesets", Member, s.changesets).
			says("changesets.list", "Writes of several records", "The member's own, for administrators everybody's; newest first.").asks("limit", "cursor").gives(ok, "The changesets", of[itemsOf[changesetOut]]()),
		line("POST", "/changesets/{id}/undo", Member, s.undo).
			says("changesets.undo", "Undo what was written together", "Records that were changed since are left alone and reported. With job=true as a job, whose result is the same report.").
			asks("job").gives(ok, "What was undone", of[undoOut]()).gives(202, "Started as a job", of[jobOut]()).fails(409, 422, 423).onceApart(),
		line("GET", "/settings", Admin, s.settings).
			says("settings.get", "The company's settings", "Name, currency, time zone, backups.").gives(ok, "The settings", of[customize.Company](), "ETag"),
		line("PATCH", "/settings", Admin, s.changeSettings).
			says("settings.update", "Change the company's settings", "Only what is given changes; the base currency cannot. With If-Match nothing changes when somebody else was quicker.").
			asks("If-Match").takes(bodyOf[customize.Company]()).gives(ok, "The settings", of[customize.Company](), "ETag").fails(412),
		line("GET", "/settings/mail", Admin, s.mailServer).
			says("mail.get", "The mail server", "Without its password, which nobody can read again.").gives(ok, "The server", of[MailServer](), "ETag"),
		line("PATCH", "/settings/mail", Admin, s.setMailServer).
			says("mail.update", "Set the mail server", "It is given as a whole; an empty host switches mail off. Another server or user needs the password again.").
			asks("If-Match").takes(bodyOf[MailChange]()).gives(ok, "The server", of[MailServer](), "ETag").fails(412),
		line("POST", "/settings/mail/test", Admin, s.testMail).
			says("mail.test", "Send a test mail", "Now, through a server that need not be kept yet. What goes wrong is told at the setting to blame.").
			takes(bodyOf[mailTestBody]()).gives(204, "The server took it", nil).onceApart(),
		line("GET", "/settings/mail/letters", Admin, s.letters).
			says("mail.letters", "Mail on its way, gone and stuck", "Newest first, without what it says.").asks("limit", "cursor").gives(ok, "The letters", of[itemsOf[letterOut]]()),
		line("POST", "/settings/mail/letters/{id}/retry", Admin, s.retryLetter).
			says("mail.retry", "Send a stuck letter again", "It goes on where it stopped.").gives(ok, "The letter", of[letterOut]()).fails(409).onceApart(),
		line("GET", "/settings/pictures/{name}", Admin, s.companyPicture).
			says("settings.picture", "A picture of the company", "logo or seal, as PNG. Who looks at the seal is written down.").asks("v").givesRaw(ok, "image/png", "The picture"),
		line("POST", "/settings/pictures/{name}", Admin, s.setPicture).
			says("settings.setPicture", "Set a picture of the company", "The body is a PNG or JPEG of up to 4 MB; it is drawn anew, at most 800 pixels wide and high.").
			takesRaw("*/*", "The picture").gives(ok, "The settings", of[customize.Company](), "ETag").onceApart(),
		line("DELETE", "/settings/pictures/{name}", Admin, s.setPicture).
			says("settings.removePicture", "Take a picture of the company away", "Papers are printed without it.").gives(ok, "The settings", of[customize.Company](), "ETag"),
		line("POST", "/settings/recovery", Admin, s.newRecovery).
			says("settings.recovery", "Issue a new recovery passphrase", "It is shown this once and opens the backups made from now on.").gives(ok, "Issued", of[passphraseOut]()).fails(409).onceShown(),
		line("GET", "/backups", Admin, s.backups).
			says("backups.list", "Backups", "What can be restored.").gives(ok, "The backups", of[itemsOf[BackupFile]]()),
		line("GET", "/backups/{name}", Admin, s.downloadBackup).
			says("backups.download", "Download a backup", "It is encrypted: only the recovery passphrase of its time opens it elsewhere.").
			asks("Range").givesRaw(ok, "application/octet-stream", "The backup").givesRaw(206, "application/octet-stream", "Part of it").streaming(),
		line("POST", "/backups/{name}/drill", Admin, s.drill).
			says("backups.drill", "Try to restore a backup", "Into a place of its own, which is opened, counted and thrown away. The job's result says what came out.").
			gives(202, "Started", of[jobOut]()).onceApart(),
		line("POST", "/backup", Admin, s.backup).
			says("backups.start", "Start a backup", "It appears in the list when it is whole.").gives(202, "Started", of[jobOut]()).fails(409).onceApart(),
	}
}

// tableRoutes bring tables in and give them out.
func (s *Server) tableRoutes() []route {
	return []route{
		line("POST", "/import/{entity}", Member, s.startImport).
			says("import", "Import {many}", "A job: see /jobs. Its result counts what was created, updated, skipped and refused, with a file of the refused rows.").
			takes(bodyOf[importBody]()).gives(202, "Started", of[jobOut]()).fails(409, 413, 422).once(),
		line("POST", "/import/{entity}/preview", Member, s.previewImport).
			says("previewImport", "Look into a file of {many}", "Its beginning, and where its columns would go.").
			takes(bodyOf[importBody]()).gives(ok, "What is in it", of[importer.Preview]()).fails(413, 422),
		line("GET", "/import/{entity}/template", Member, s.importTemplate).
			says("importTemplate", "A workbook to fill in with {many}", "A sheet with the columns, and one that says what they take.").givesRaw(ok, xlsxKind, "The workbook"),
		line("POST", "/export/{entity}", Member, s.startExport).
			says("startExport", "Export {many} as a job", "Its result names the file, which is the caller's own.").
			takes(bodyOf[exportBody]()).gives(202, "Started", of[jobOut]()).fails(409, 422).once(),
		line("GET", "/export/{entity}", Member, s.export).
			says("export", "Export {many}", "All that the caller may read and export, masked values masked; written to the audit log.").
			asks("filter", "sort", "fields", "q", "format", "encoding", "headers").givesRaw(ok, "*/*", "The file").fails(429).streaming(),
		line("GET", "/jobs", Member, s.listJobs).
			says("jobs.list", "Jobs", "The caller's own, for administrators every one, also those that the platform does for itself; newest first. The cursor is the last id of the page before.").
			asks("kind", "limit", "cursor").gives(ok, "The jobs", of[itemsOf[workOut]]()),
		line("GET", "/jobs/{id}", Member, s.job).
			says("jobs.get", "How far a job is", "The caller's own; administrators see every one.").gives(ok, "The job", of[workOut]()),
		line("POST", "/jobs/{id}/cancel", Member, s.cancelJob).
			says("jobs.cancel", "Cancel a job", "What it did until then stays and can be undone.").gives(ok, "The job", of[workOut]()).fails(409).onceApart(),
	}
}

// peopleRoutes are what administrators do with members and roles beyond their records.
func (s *Server) peopleRoutes() []route {
	return []route{
		line("GET", "/members/access", Admin, s.memberAccesses).
			says("members.access", "Who can come in", "Members who have or had a password, a link, a session or a key.").gives(ok, "The members", of[itemsOf[memberAccess]]()),
		line("POST", "/members/{id}/link", Admin, s.memberLink).
			says("members.link", "Make a link to set a password", "An invitation for a new member, a reset for another; it replaces any earlier link of his and works once, for seven days.").
			gives(201, "Made", of[linkOut]()).fails(409).onceShown(),
		line("POST", "/members/{id}/mail", Admin, s.mailMember).
			says("members.mail", "Send a link by mail", "As members.link, sent to the member's address instead of shown.").gives(202, "On its way", of[mailedOut]()).fails(409).onceApart(),
		line("GET", "/roles/{id}/rights", Admin, s.roleRights).
			says("roles.rights", "What a role grants", "Its grants and its rights to single fields.").gives(ok, "The rights", of[RoleRights](), "ETag"),
		line("POST", "/roles/{id}/rights", Admin, s.setRoleRights).
			says("roles.setRights", "Say what a role grants", "These rights and no others, in one transaction, at work at once.").
			asks("If-Match").takes(bodyOf[RoleRights]()).gives(ok, "The rights", of[RoleRights](), "ETag").fails(409, 412, 422).onceApart(),
	}
}

func (s *Server) customizeRoutes() []route {
	return []route{
		line("GET", "/customize/entities", Admin, s.customEntities).
			says("customize.list", "What administrators made", "Entities and fields, as patches over the built-in ones.").gives(ok, "The patches", of[customizationOut]()),
		line("POST", "/customize/entities", Admin, s.addEntity).
			says("customize.addEntity", "Make an entity", "It is at work at once. Its name gets the prefix x.").takes(bodyOf[entity.EntityPatch]()).gives(201, "Made", of[entity.EntityPatch]()).fails(409).onceApart(),
		line("GET", "/customize/entities/{name}", Admin, s.definition).
			says("customize.get", "An entity as it can be changed", "With its hidden fields, and what of it is the program's own.").gives(ok, "The entity", of[definitionOut]()),
		line("PATCH", "/customize/entities/{name}", Admin, s.changeEntity).
			says("customize.changeEntity", "Change an entity", "Its words, icon, list columns, card and form groups. If-Match holds the tag that was seen.").asks("If-Match").takes(bodyOf[entity.EntityPatch]()).gives(ok, "Changed", of[entity.EntityPatch](), "ETag").fails(409, 412),
		line("DELETE", "/customize/entities/{name}", Admin, s.retireEntity).
			says("customize.retireEntity", "Retire an entity", "It is hidden; its data is kept.").gives(ok, "Retired", of[entity.EntityPatch]()).fails(409, 422),
		line("POST", "/customize/entities/{name}/fields", Admin, s.addField).
			says("customize.addField", "Add a field", "It is at work at once. Its key is fixed for ever.").takes(bodyOf[entity.FieldPatch]()).gives(201, "Added", of[entity.FieldPatch]()).fails(409).onceApart(),
		line("PATCH", "/customize/entities/{name}/fields/{key}", Admin, s.changeField).
			says("customize.changeField", "Change a field", "Words, options, position; a built-in rule is narrowed, never loosened. If-Match holds the tag that was seen.").asks("If-Match").takes(bodyOf[entity.FieldPatch]()).gives(ok, "Changed", of[entity.FieldPatch](), "ETag").fails(409, 412),
		line("GET", "/customize/entities/{name}/fields/{key}/options", Admin, s.dictionary).
			says("customize.dictionary", "A dictionary", "The options of a choice, the fields that use them, and how many records hold each.").gives(ok, "The dictionary", of[dictionaryOut]()),
		line("POST", "/customize/entities/{name}/fields/{key}/merge", Admin, s.mergeOptions).
			says("customize.mergeOptions", "Merge an option into another", "It is offered no more, what is written with it becomes the other one, and records that hold it are changed by jobs, which can be undone. If-Match holds the tag that was seen.").
			asks("If-Match").takes(bodyOf[mergeBody]()).gives(202, "Started", of[mergeOut]()).fails(409, 412, 422).onceApart(),
		line("GET", "/customize/entities/{name}/prints", Admin, s.prints).
			says("customize.prints", "Print layouts of an entity", "The program's and those of administrators.").gives(ok, "The layouts", of[itemsOf[keptPrintOut]]()),
		line("POST", "/customize/entities/{name}/prints/{key}", Admin, s.savePrint).
			says("customize.savePrint", "Keep a print layout", "It is given whole: a new one, or one in the place of that of its key. If-Match holds the tag that was seen.").
			asks("If-Match").takes(bodyOf[schema.Print]()).gives(ok, "Kept", of[keptPrintOut]()).fails(409, 412, 422).onceApart(),
		line("DELETE", "/customize/entities/{name}/prints/{key}", Admin, s.removePrint).
			says("customize.removePrint", "Take a print layout away", "The program's own of that key counts again, if there is one.").gives(204, "Gone", nil).fails(409),
		line("POST", "/customize/entities/{name}/print-preview", Admin, s.tryPrint).
			says("customize.tryPrint", "See a print layout", "A PDF of a record in a layout that need not be kept.").
			takes(bodyOf[tryBody]()).givesRaw(ok, pdfKind, "The document").fails(404, 422),
		line("DELETE", "/customize/entities/{name}/fields/{key}", Admin, s.retireField).
			says("customize.retireField", "Retire a field", "It is hidden; its data is kept.").gives(ok, "Retired", of[entity.FieldPatch]()).fails(409, 422),
	}
}
