-- What the migrations make. Generated: go test ./internal/sqlite -run TestSchema -update

CREATE TABLE store (
	id       INTEGER PRIMARY KEY CHECK (id = 1),
	sequence INTEGER NOT NULL DEFAULT 0, -- rises with each activation and each approval: the order of the two is exact
	holding  TEXT NOT NULL DEFAULT 'auto' CHECK (holding IN ('auto', 'attack', 'hold')), -- whether confirmation letters are held back
	held_at  INTEGER, -- since when they are
	retained_at     INTEGER, -- when the operator let retention act
	retained_people INTEGER, -- on how many people it would have acted then
	retained_day    INTEGER, -- of its latest run, since 1970: it acts once a day
	instance  TEXT NOT NULL DEFAULT '', -- the id of the installation whose file this is; the same stands in the file instance beside it
	counter   INTEGER NOT NULL DEFAULT 0, -- rises when a sender begins, and before the first letter of an edition: here first, then there
	file      TEXT NOT NULL DEFAULT '', -- which file this is to the file system: a copy is another
	copied_at INTEGER -- when facteur backup made this copy, until it is claimed
) STRICT;

CREATE TABLE newsletters (
	id     INTEGER PRIMARY KEY,
	name   TEXT NOT NULL UNIQUE,
	begun  TEXT, -- the first slot this installation watched: earlier ones were never promised
	active INTEGER NOT NULL DEFAULT 0 -- subscriptions that are, counted by triggers: who approves an edition for a million does not wait for it
) STRICT;

CREATE TABLE inbox (
	id          INTEGER PRIMARY KEY,
	url         TEXT,
	title       TEXT,
	section     TEXT,
	summary     TEXT,
	body        TEXT,
	author      TEXT,
	tags        TEXT,
	language    TEXT,
	published   TEXT,
	picture     TEXT,
	picture_alt TEXT,
	accepted_at TEXT,    -- set by Facteur when the row became an article
	refused_at  TEXT,    -- set by Facteur when it could not
	refused     TEXT,    -- why, and what to do
	article     INTEGER  -- the article it became
, canonical TEXT) STRICT;

CREATE INDEX inbox_waiting ON inbox (id) WHERE accepted_at IS NULL AND refused_at IS NULL;

CREATE TABLE articles (
	id           INTEGER PRIMARY KEY,
	url          TEXT NOT NULL UNIQUE, -- canonical
	title        TEXT NOT NULL,
	section      TEXT NOT NULL,
	summary      TEXT NOT NULL,
	body         TEXT NOT NULL, -- Markdown
	author       TEXT NOT NULL,
	tags         TEXT NOT NULL, -- JSON array
	language     TEXT NOT NULL,
	published_at INTEGER,
	arrived_at   INTEGER NOT NULL,
	updated_at   INTEGER NOT NULL,
	hidden_at    INTEGER,
	picture      TEXT NOT NULL, -- pictures.source, or empty
	picture_alt  TEXT NOT NULL
, canonical TEXT NOT NULL DEFAULT '', brought_by TEXT, leader INTEGER REFERENCES articles (id), sign TEXT NOT NULL DEFAULT '', keyed INTEGER NOT NULL DEFAULT 0, sourced TEXT, came_at INTEGER) STRICT;

CREATE INDEX articles_by_picture ON articles (picture) WHERE picture <> '';

CREATE TABLE pictures (
	id         INTEGER PRIMARY KEY,
	source     TEXT NOT NULL UNIQUE,
	state      TEXT NOT NULL CHECK (state IN ('waiting', 'kept', 'failed')),
	tries      INTEGER NOT NULL DEFAULT 0, -- in this round
	next_at    INTEGER, -- when it is due
	tried_at   INTEGER, -- the latest try
	reason     TEXT NOT NULL DEFAULT '', -- why that brought nothing
	name       TEXT NOT NULL DEFAULT '', -- of the file
	width      INTEGER NOT NULL DEFAULT 0, -- px
	height     INTEGER NOT NULL DEFAULT 0, -- px
	CHECK ((next_at IS NOT NULL) = (state = 'waiting')),
	CHECK ((name <> '') = (state = 'kept'))
) STRICT;

CREATE INDEX pictures_due ON pictures (tries, id) WHERE next_at IS NOT NULL;

CREATE TABLE links (
	article_id INTEGER PRIMARY KEY REFERENCES articles (id),
	tries      INTEGER NOT NULL DEFAULT 0, -- in this round
	next_at    INTEGER, -- when it is due; null: it is not
	checked_at INTEGER, -- the latest check; null: none yet
	reason     TEXT NOT NULL DEFAULT '' -- what that met; empty: a reader finds the page
) STRICT;

CREATE INDEX links_due ON links (tries, article_id) WHERE next_at IS NOT NULL;

CREATE TABLE slots (
	id            INTEGER PRIMARY KEY, -- slots are decided in this order
	newsletter_id INTEGER NOT NULL REFERENCES newsletters (id),
	slot          TEXT NOT NULL,
	state         TEXT NOT NULL CHECK (state IN ('published', 'skipped', 'failed')),
	reason        TEXT NOT NULL DEFAULT '',
	judged        INTEGER NOT NULL, -- 0: skipped or failed without looking at the articles
	decided_at    INTEGER NOT NULL,
	UNIQUE (newsletter_id, slot)
) STRICT;

CREATE TABLE verdicts (
	newsletter_id INTEGER NOT NULL REFERENCES newsletters (id),
	article_id    INTEGER NOT NULL REFERENCES articles (id),
	slot_id       INTEGER NOT NULL REFERENCES slots (id),
	rule          TEXT NOT NULL,
	edition       INTEGER NOT NULL DEFAULT 0,
	position      INTEGER NOT NULL DEFAULT 0, original INTEGER NOT NULL DEFAULT 0, lead TEXT NOT NULL DEFAULT '', fresh INTEGER NOT NULL DEFAULT 0, sister TEXT NOT NULL DEFAULT '', catalogue INTEGER NOT NULL DEFAULT 0, place TEXT NOT NULL DEFAULT '', stance TEXT NOT NULL DEFAULT '', quota INTEGER NOT NULL DEFAULT 0, horizon INTEGER NOT NULL DEFAULT 0, takes INTEGER NOT NULL DEFAULT 0, had INTEGER NOT NULL DEFAULT 0, whole INTEGER NOT NULL DEFAULT 0, found_by TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (newsletter_id, article_id, slot_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE editions (
	id            INTEGER PRIMARY KEY,
	newsletter_id INTEGER NOT NULL REFERENCES newsletters (id),
	number        INTEGER NOT NULL,
	slot_id       INTEGER NOT NULL UNIQUE REFERENCES slots (id), -- the same slot never yields a second edition
	state         TEXT NOT NULL CHECK (state IN ('queueing', 'sending', 'done', 'cancelled')),
	paused        INTEGER NOT NULL DEFAULT 0,
	held          TEXT NOT NULL DEFAULT '', -- why it was paused by itself; empty: the operator did, or it is not paused
	revision      INTEGER NOT NULL,
	approved_at   INTEGER NOT NULL,
	opens_at      INTEGER, -- when more than its first letters may go; null: these are not settled, or all go at once
	audience      INTEGER NOT NULL, -- store.sequence at approval: who was activated later is a newcomer
	planned       INTEGER NOT NULL, -- readers active at approval
	left_before   INTEGER NOT NULL DEFAULT 0, -- of them, who left before their row was made
	cursor        INTEGER NOT NULL DEFAULT 0, -- rows exist for subscribers up to this one
	unsent        INTEGER NOT NULL DEFAULT 0, -- cancelled before any letter of it can have left: no page shows it
	key_id        INTEGER NOT NULL,
	letterhead    TEXT NOT NULL, -- JSON: sender, list and page address as they were at approval
	content       TEXT NOT NULL, -- JSON
	UNIQUE (newsletter_id, number)
) STRICT;

CREATE TABLE sponsors (
	newsletter_id INTEGER PRIMARY KEY REFERENCES newsletters (id),
	text          TEXT NOT NULL, -- Markdown
	advertiser    TEXT NOT NULL
) STRICT;

CREATE TABLE words (
	newsletter_id INTEGER PRIMARY KEY REFERENCES newsletters (id),
	text          TEXT NOT NULL, -- Markdown
	signed        TEXT NOT NULL  -- who signs it; may be empty
) STRICT;

CREATE TABLE edition_articles (
	edition_id INTEGER NOT NULL REFERENCES editions (id),
	article_id INTEGER NOT NULL REFERENCES articles (id),
	position   INTEGER NOT NULL,
	PRIMARY KEY (edition_id, article_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX edition_articles_by_article ON edition_articles (article_id);

CREATE TABLE edition_pictures (
	name       TEXT NOT NULL,
	edition_id INTEGER NOT NULL REFERENCES editions (id),
	PRIMARY KEY (name, edition_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE variants (
	id         INTEGER PRIMARY KEY,
	edition_id INTEGER REFERENCES editions (id),
	key        TEXT NOT NULL,
	kind       TEXT NOT NULL,
	subject    TEXT NOT NULL,
	html       TEXT NOT NULL,
	text       TEXT NOT NULL,
	UNIQUE (edition_id, key)
) STRICT;

CREATE UNIQUE INDEX variants_of_letters ON variants (key) WHERE kind = 'letter';

CREATE TABLE subscribers (
	id         INTEGER PRIMARY KEY AUTOINCREMENT, -- strangers are deleted; a number is never used twice
	hash       BLOB NOT NULL,
	address    TEXT, -- null: erased
	language   TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	acted_at   INTEGER NOT NULL, -- the latest act of the person's own, or the import that brought them
	asked_at   INTEGER -- when they were asked whether they still want the letters
) STRICT;

CREATE UNIQUE INDEX subscribers_known ON subscribers (hash) WHERE address IS NOT NULL;

CREATE INDEX subscribers_erased ON subscribers (hash) WHERE address IS NULL;

CREATE TABLE subscriptions (
	id            INTEGER PRIMARY KEY AUTOINCREMENT, -- links name it, so a number is never used twice
	newsletter_id INTEGER NOT NULL REFERENCES newsletters (id),
	subscriber_id INTEGER NOT NULL REFERENCES subscribers (id),
	state         TEXT NOT NULL CHECK (state = 'pending' OR state = 'active' OR state = 'paused' OR state = 'unsubscribed'),
	epoch         INTEGER NOT NULL DEFAULT 1,
	since_at      INTEGER NOT NULL,
	until_at      INTEGER, -- end of a pause; kept by a leave, so that it can be taken back
	confirmed_at  INTEGER, -- the consent that letters name ("inscrit le")
	request       INTEGER, -- pending ones of a subscriber that one letter names have the same: its button confirms them
	reminded_at   INTEGER, -- when a pending one was reminded, once
	renewed       INTEGER NOT NULL DEFAULT 0, -- 1: its person asked for its letter once more, and since_at was moved for that
	activated     INTEGER NOT NULL DEFAULT 0, -- store.sequence at the latest activation
	ended         INTEGER NOT NULL DEFAULT 0, -- store.sequence at the leave or pause after it
	was           TEXT CHECK (was = 'pending' OR was = 'active' OR was = 'paused'), -- the state that was left
	UNIQUE (subscriber_id, newsletter_id)
) STRICT;

CREATE INDEX subscriptions_active ON subscriptions (newsletter_id, subscriber_id, activated) WHERE state = 'active';

CREATE INDEX subscriptions_pending ON subscriptions (since_at) WHERE state = 'pending';

CREATE INDEX subscriptions_paused ON subscriptions (until_at) WHERE state = 'paused';

CREATE TRIGGER subscriptions_begun AFTER INSERT ON subscriptions WHEN NEW.state = 'active' BEGIN
	UPDATE newsletters SET active = active + 1 WHERE id = NEW.newsletter_id;
END;

CREATE TRIGGER subscriptions_changed AFTER UPDATE OF state ON subscriptions WHEN (NEW.state = 'active') <> (OLD.state = 'active') BEGIN
	UPDATE newsletters SET active = active + iif(NEW.state = 'active', 1, -1) WHERE id = NEW.newsletter_id;
END;

CREATE TRIGGER subscriptions_ended AFTER DELETE ON subscriptions WHEN OLD.state = 'active' BEGIN
	UPDATE newsletters SET active = active - 1 WHERE id = OLD.newsletter_id;
END;

CREATE TABLE wordings (
	version TEXT PRIMARY KEY,
	text    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE consents (
	id              INTEGER PRIMARY KEY,
	subscription_id INTEGER NOT NULL REFERENCES subscriptions (id),
	act             TEXT NOT NULL CHECK (act = 'requested' OR act = 'confirmed' OR act = 'withdrawn'),
	at              INTEGER NOT NULL,
	origin          TEXT NOT NULL,
	source          TEXT NOT NULL DEFAULT '',
	wording         TEXT REFERENCES wordings (version), -- null: Facteur showed none
	network         TEXT -- from which it came, such as 203.0.113.0/24, never a whole address: a help in proving it, with a shorter life; null: none, or forgotten
) STRICT;

CREATE INDEX consents_of ON consents (subscription_id);

CREATE TRIGGER consents_are_added BEFORE INSERT ON consents WHEN EXISTS (SELECT 1 FROM consents WHERE id = NEW.id) BEGIN
	SELECT RAISE(ABORT, 'a consent is never replaced');
END;

CREATE TRIGGER consents_are_kept BEFORE UPDATE ON consents
	WHEN (NEW.id, NEW.subscription_id, NEW.act, NEW.at, NEW.origin, NEW.wording) IS NOT (OLD.id, OLD.subscription_id, OLD.act, OLD.at, OLD.origin, OLD.wording)
	OR NEW.network IS NOT OLD.network AND NEW.network IS NOT NULL
	OR NEW.source <> OLD.source AND (NEW.source <> ''
		OR EXISTS (SELECT 1 FROM subscriptions p JOIN subscribers b ON b.id = p.subscriber_id WHERE p.id = OLD.subscription_id AND b.address IS NOT NULL))
BEGIN
	SELECT RAISE(ABORT, 'a consent is never changed');
END;

CREATE TRIGGER consents_stay BEFORE DELETE ON consents
	WHEN EXISTS (SELECT 1 FROM consents WHERE subscription_id = OLD.subscription_id AND act = 'confirmed')
BEGIN
	SELECT RAISE(ABORT, 'a consent is never deleted');
END;

CREATE TABLE suppressions (
	hash    BLOB PRIMARY KEY, -- of the address, as in subscribers
	address TEXT,             -- null: erased
	kind    TEXT NOT NULL CHECK (kind IN ('hard-bounce', 'complaint', 'request', 'operator')),
	reason  TEXT NOT NULL,
	at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE moves (
	id            INTEGER PRIMARY KEY AUTOINCREMENT, -- a link names it, so a number is never used twice
	subscriber_id INTEGER NOT NULL UNIQUE REFERENCES subscribers (id),
	hash          BLOB NOT NULL,
	address       TEXT NOT NULL,
	at            INTEGER NOT NULL
) STRICT;

CREATE TABLE left_addresses (
	hash BLOB PRIMARY KEY,
	at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE goodbyes (
	id            INTEGER PRIMARY KEY,
	newsletter_id INTEGER NOT NULL REFERENCES newsletters (id),
	reason        TEXT NOT NULL,
	at            INTEGER NOT NULL
) STRICT;

CREATE TABLE limits (
	key BLOB PRIMARY KEY,
	at  INTEGER NOT NULL, -- when it is as if nothing had been asked; see package admission
	gap_until INTEGER    -- no sooner once more; null: at once
) STRICT, WITHOUT ROWID;

CREATE TABLE stamps (
	until INTEGER NOT NULL, -- when the form is too old anyway
	nonce BLOB NOT NULL,    -- of a form that was used
	PRIMARY KEY (until, nonce)
) STRICT, WITHOUT ROWID;

CREATE TABLE signups (
	minute INTEGER PRIMARY KEY, -- since 1970
	asked  INTEGER NOT NULL,
	worked INTEGER NOT NULL -- of them, with forms that came with their work
) STRICT;

CREATE TABLE scrubs (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	at INTEGER NOT NULL
) STRICT;

CREATE TABLE scrub_letters (
	delivery_id INTEGER PRIMARY KEY -- the letter itself may be forgotten
) STRICT;

CREATE TABLE groups (
	id    INTEGER PRIMARY KEY,
	name  TEXT NOT NULL UNIQUE, -- empty: all that are in no other
	until INTEGER,              -- it is left alone until then; under the empty name, the way out as a whole
	words TEXT NOT NULL DEFAULT '' -- what its server said for that
) STRICT;

CREATE TABLE relays (
	name     TEXT PRIMARY KEY, -- empty: the only one
	since_at INTEGER NOT NULL,
	until    INTEGER NOT NULL, -- it is left alone until then
	why      TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE group_domains (
	domain   TEXT PRIMARY KEY, -- in ASCII, lower-case
	group_id INTEGER NOT NULL REFERENCES groups (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE deliveries (
	id            INTEGER PRIMARY KEY AUTOINCREMENT, -- its message on the wire names it, so a number is never used twice
	kind          TEXT NOT NULL CHECK (kind = 'edition' OR kind = 'letter' OR kind = 'notice' OR kind = 'proof'),
	group_id      INTEGER NOT NULL DEFAULT 0, -- of the address when the row was made, where kind is 'edition'
	run           INTEGER NOT NULL, -- the edition whose run this is part of; 0 for what goes ahead of editions; below 0 for
		-- confirmations held back: -2 where the form came without work, so that only the operator lets it go, -1 for the others
	letter        TEXT NOT NULL DEFAULT '', -- which letter, where kind is 'letter'
	move_id       INTEGER, -- the change of address that it is about
	request       INTEGER, -- subscriptions.request that it asks to be confirmed: it leaves only while that stands
	edition_id    INTEGER,
	variant_id    INTEGER NOT NULL REFERENCES variants (id),
	newsletter_id INTEGER,
	subscriber_id INTEGER,
	address       TEXT, -- where it does not go to the subscriber's own; empty: erased, or nobody's
	copy          INTEGER NOT NULL DEFAULT 1,
	newcomer      INTEGER NOT NULL DEFAULT 0, -- 1: its reader came after the audience was fixed, and is not among the planned
	state         TEXT NOT NULL CHECK (state = 'queued' OR state = 'attempting' OR state = 'sent' OR state = 'deferred'
		OR state = 'failed' OR state = 'expired' OR state = 'unknown' OR state = 'cancelled' OR state = 'bounced'),
	reason        TEXT NOT NULL DEFAULT '', -- of a cancelled one
	tries         INTEGER NOT NULL DEFAULT 0, -- in this round; a resend begins a new one
	unknowns      INTEGER NOT NULL DEFAULT 0,
	first_at      INTEGER, -- the Date of the message
	round_at      INTEGER, -- first try of this round
	next_at       INTEGER, -- when it is due; null in every state but queued and deferred
	CHECK ((next_at IS NOT NULL) = (state = 'queued' OR state = 'deferred'))
) STRICT;

CREATE UNIQUE INDEX deliveries_copy ON deliveries (edition_id, subscriber_id, copy) WHERE kind = 'edition';

CREATE INDEX deliveries_due ON deliveries (run, group_id, next_at, id) WHERE next_at IS NOT NULL;

CREATE INDEX deliveries_attempting ON deliveries (id) WHERE state = 'attempting';

CREATE INDEX deliveries_trouble ON deliveries (edition_id, state, id) WHERE state = 'deferred' OR state = 'unknown' OR state = 'failed' OR state = 'expired' OR state = 'bounced';

CREATE INDEX deliveries_of ON deliveries (subscriber_id) WHERE kind <> 'edition' AND subscriber_id IS NOT NULL;

CREATE TRIGGER newsletters_stay BEFORE DELETE ON newsletters BEGIN
	SELECT RAISE(ABORT, 'a newsletter is never deleted');
END;

CREATE TRIGGER editions_stay BEFORE DELETE ON editions BEGIN
	SELECT RAISE(ABORT, 'an edition is never deleted');
END;

CREATE TRIGGER subscribers_with_letters_stay BEFORE DELETE ON subscribers
	WHEN EXISTS (SELECT 1 FROM deliveries WHERE kind <> 'edition' AND subscriber_id = OLD.id)
	OR EXISTS (SELECT 1 FROM editions e CROSS JOIN deliveries d ON d.edition_id = e.id AND d.subscriber_id = OLD.id AND d.kind = 'edition')
BEGIN
	SELECT RAISE(ABORT, 'a subscriber with letters is never deleted');
END;

CREATE INDEX deliveries_to ON deliveries (lower(address)) WHERE address IS NOT NULL;

CREATE TABLE attempts (
	id          INTEGER PRIMARY KEY,
	delivery_id INTEGER NOT NULL REFERENCES deliveries (id),
	started_at  INTEGER NOT NULL,
	ended_at    INTEGER NOT NULL,
	stage       TEXT NOT NULL,
	state       TEXT NOT NULL,
	code        INTEGER NOT NULL,
	enhanced    TEXT NOT NULL,
	text        TEXT NOT NULL,
	relay       TEXT -- which of several; null where there is one
) STRICT;

CREATE INDEX attempts_of ON attempts (delivery_id);

CREATE TABLE resends (
	id          INTEGER PRIMARY KEY,
	edition_id  INTEGER NOT NULL REFERENCES editions (id),
	what        TEXT NOT NULL CHECK (what IN ('failed', 'unknown', 'newcomers', 'to')),
	since_at    INTEGER, -- of newcomers: only who became active from then on
	asked_by    TEXT NOT NULL, -- the user of the system
	way         TEXT NOT NULL, -- terminal or script
	flags       TEXT NOT NULL, -- as they were given, without the address
	asked_at    INTEGER NOT NULL,
	people      INTEGER NOT NULL, -- so far, where it is not whole
	whole       INTEGER NOT NULL, -- 0: it is under way, or was cut off
	delivery_id INTEGER REFERENCES deliveries (id) -- where it was one reader's
) STRICT;

CREATE TABLE sources (
	id           INTEGER PRIMARY KEY,
	name         TEXT NOT NULL UNIQUE,
	origin       TEXT NOT NULL DEFAULT '', -- of the mark: a source that is read otherwise begins anew
	mark         TEXT NOT NULL DEFAULT '', -- with which its reader goes on
	tried_at     INTEGER,
	succeeded_at INTEGER,
	failing_at   INTEGER, -- since when
	failures     INTEGER NOT NULL DEFAULT 0, -- in a row
	next_at      INTEGER, -- not tried before by itself
	trouble      TEXT NOT NULL DEFAULT '', -- of the latest try
	remedy       TEXT NOT NULL DEFAULT '',
	told         INTEGER NOT NULL DEFAULT 0, -- the operator knows
	articles     INTEGER NOT NULL DEFAULT 0  -- that it was the first to bring
, asked_at INTEGER, gathered_at INTEGER, dropped INTEGER NOT NULL DEFAULT 0, broke_at INTEGER, mended_at INTEGER, moved TEXT NOT NULL DEFAULT '', readings INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE TABLE source_faults (
	id        INTEGER PRIMARY KEY,
	source_id INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
	name      TEXT NOT NULL, -- a file, an address, a row
	reason    TEXT NOT NULL,
	at        INTEGER NOT NULL,
	UNIQUE (source_id, name)
) STRICT;

CREATE INDEX articles_by_leader ON articles (leader) WHERE leader IS NOT NULL;

CREATE INDEX articles_unkeyed ON articles (id) WHERE keyed = 0;

CREATE TABLE article_keys (
	key        INTEGER NOT NULL, -- a hash
	article_id INTEGER NOT NULL REFERENCES articles (id),
	PRIMARY KEY (key, article_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX article_keys_of ON article_keys (article_id);

CREATE TABLE articles_apart (
	one   INTEGER NOT NULL REFERENCES articles (id),
	other INTEGER NOT NULL REFERENCES articles (id),
	PRIMARY KEY (one, other),
	CHECK (one < other)
) STRICT, WITHOUT ROWID;

CREATE INDEX articles_apart_other ON articles_apart (other);

CREATE TABLE "carried_texts" (
	edition_id INTEGER NOT NULL REFERENCES editions (id),
	article_id INTEGER NOT NULL REFERENCES articles (id),
	brought_by TEXT, -- as articles had it then: another source has another text
	text       TEXT NOT NULL,
	PRIMARY KEY (edition_id, article_id)
) STRICT;

CREATE TABLE article_pasts (
	article_id   INTEGER NOT NULL REFERENCES articles (id),
	slot_id      INTEGER NOT NULL REFERENCES slots (id),
	title        TEXT NOT NULL,
	section      TEXT NOT NULL,
	published_at INTEGER,
	updated_at   INTEGER NOT NULL,
	PRIMARY KEY (article_id, slot_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER articles_change BEFORE UPDATE OF title, section, published_at, updated_at ON articles BEGIN
	INSERT INTO article_pasts SELECT OLD.id, id, OLD.title, OLD.section, OLD.published_at, OLD.updated_at FROM slots
		WHERE state <> 'failed' ORDER BY id DESC LIMIT 1 ON CONFLICT DO NOTHING;
END;

CREATE TABLE merges (
	id   INTEGER PRIMARY KEY AUTOINCREMENT,
	lead INTEGER NOT NULL REFERENCES articles (id), -- the article that was chosen for it
	said INTEGER NOT NULL -- the last of stances.id until then; such a one counts for whoever leads
) STRICT;

CREATE TABLE merged_articles (
	merge_id   INTEGER NOT NULL REFERENCES merges (id) ON DELETE CASCADE,
	article_id INTEGER NOT NULL REFERENCES articles (id),
	story      INTEGER NOT NULL, -- the article that led the one it was of; all of one story: the lead was changed, no more
	sign       TEXT NOT NULL, -- by what it was of that
	late       INTEGER NOT NULL DEFAULT 0 CHECK (late IN (0, 1)), -- it was recognised since, and goes with what it is like
	PRIMARY KEY (merge_id, article_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX merged_articles_of ON merged_articles (article_id);

CREATE TABLE stances (
	id            INTEGER PRIMARY KEY AUTOINCREMENT,
	newsletter_id INTEGER NOT NULL REFERENCES newsletters (id),
	article_id    INTEGER NOT NULL REFERENCES articles (id),
	stance        TEXT NOT NULL CHECK (stance IN ('pinned', 'lead', 'excluded')),
	at            INTEGER NOT NULL,
	pin           INTEGER, -- of an article that is to lead and was pinned before: what id and at were then
	pinned_at     INTEGER,
	UNIQUE (newsletter_id, article_id)
) STRICT;

CREATE UNIQUE INDEX stances_lead ON stances (newsletter_id) WHERE stance = 'lead';

CREATE TABLE spent_stances (
	edition_id INTEGER NOT NULL REFERENCES editions (id),
	id         INTEGER NOT NULL, -- from here on as in stances
	article_id INTEGER NOT NULL REFERENCES articles (id),
	stance     TEXT NOT NULL,
	at         INTEGER NOT NULL,
	pin        INTEGER,
	pinned_at  INTEGER,
	PRIMARY KEY (edition_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE partings (
	article_id INTEGER PRIMARY KEY REFERENCES articles (id),
	other      INTEGER NOT NULL REFERENCES articles (id), -- what it said something else than
	at         INTEGER NOT NULL -- the last time
) STRICT;

CREATE INDEX partings_other ON partings (other);

CREATE TABLE carried_stories (
	article_id INTEGER NOT NULL REFERENCES articles (id),
	edition_id INTEGER NOT NULL REFERENCES editions (id),
	carrier    INTEGER NOT NULL REFERENCES articles (id), -- that the edition has
	PRIMARY KEY (article_id, edition_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE article_identities (
	source     TEXT NOT NULL, -- sources.name
	identity   TEXT NOT NULL, -- an id, a guid, a file
	article_id INTEGER NOT NULL REFERENCES articles (id),
	PRIMARY KEY (source, identity)
) STRICT, WITHOUT ROWID;

CREATE TABLE former_addresses (
	url        TEXT PRIMARY KEY,
	article_id INTEGER NOT NULL REFERENCES articles (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE offers (
	article_id INTEGER NOT NULL REFERENCES articles (id),
	source     TEXT NOT NULL, -- sources.name; empty: the inbox or a person
	turn       INTEGER NOT NULL, -- a reading of the source; of the inbox each row is one
	url        TEXT NOT NULL, -- where the source has it, although it is elsewhere; empty: there
	PRIMARY KEY (article_id, source)
) STRICT, WITHOUT ROWID;

CREATE INDEX offers_by_turn ON offers (source, turn);

CREATE INDEX offers_elsewhere ON offers (url) WHERE url <> '';

CREATE INDEX identities_of_article ON article_identities (article_id);
