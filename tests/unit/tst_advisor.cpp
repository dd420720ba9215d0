// SPDX-License-Identifier: GPL-3.0-or-later
#include "advice/advisor.h"
#include "advice/mutes.h"
#include "operations/operation.h"
#include "sqlite/connection.h"
#include "words/findings.h"

#include <QSet>
#include <QTest>

#include <functional>

using namespace lk;
using advice::Finding;
using inspect::DatabaseFacts;
using inspect::ObjectType;
using inspect::SchemaObject;
using inspect::SiblingState;

namespace {

constexpr std::uint64_t MiB = 1024 * 1024;
using Change = std::function<void(DatabaseFacts &)>;

std::chrono::system_clock::time_point day(int number)
{
    return std::chrono::system_clock::time_point(std::chrono::days(number));
}

SchemaObject table(const char *name, std::vector<inspect::Column> columns,
                   std::vector<inspect::ForeignKey> references = {})
{
    SchemaObject object;
    object.name = object.table = name;
    object.sql = "CREATE TABLE …";
    object.columns = std::move(columns);
    object.foreignKeys = std::move(references);
    return object;
}

SchemaObject index(const char *name, const char *of, std::vector<std::string> columns, bool unique = false,
                   const char *sql = "CREATE INDEX …")
{
    SchemaObject object;
    object.type = ObjectType::Index;
    object.name = name;
    object.table = of;
    object.sql = sql;
    object.indexColumns = std::move(columns);
    object.unique = unique;
    return object;
}

inspect::Column column(const char *name, int primaryKey = 0, const char *type = "INTEGER")
{
    return {.name = name, .type = type, .primaryKey = primaryKey};
}

inspect::SpaceItem spaceOf(const char *name, const char *of, std::uint64_t bytes)
{
    inspect::SpaceItem item;
    item.name = name;
    item.table = of;
    item.bytes = bytes;
    return item;
}

/// A database of 100 MiB in rollback mode that nothing is wrong with, and of which everything is known.
DatabaseFacts healthy()
{
    DatabaseFacts facts;
    facts.path = "/srv/data/orders.db";
    facts.filesystem = "ext4";
    facts.seen.state = sqlite::State::Database;
    facts.seen.file.size = 100 * MiB;
    facts.seen.file.mode = 0100666;
    facts.seen.file.modifiedNs = std::chrono::nanoseconds(day(20'001).time_since_epoch()).count();
    facts.seen.pageCount = 25'600;
    sqlite::Header header;
    header.pageSize = 4096;
    header.writeVersion = header.readVersion = 1;
    header.schemaFormat = 4;
    header.writerVersion = 3'053'000;
    facts.seen.stored = facts.seen.current = header;
    facts.looked = true;
    facts.othersReach = false;
    facts.history = inspect::History{.lastCheck = day(20'000), .lastCheckOk = true, .lastBackup = day(20'000)};
    inspect::Schema schema;
    schema.structure = true;
    schema.objects = {table("customers", {column("id", 1), column("name", 0, "TEXT")}),
                      table("orders", {column("id", 1), column("customer")}, {{"Customers", {"customer"}}}),
                      index("orders_customer", "orders", {"customer"}), table("sqlite_stat1", {column("tbl")})};
    facts.structure = schema;
    inspect::Space space;
    space.items = {spaceOf("orders", "orders", 60 * MiB), spaceOf("customers", "customers", 40 * MiB)};
    facts.space = space;
    return facts;
}

sqlite::Header &header(DatabaseFacts &facts)
{
    return *facts.seen.current;
}

void wal(DatabaseFacts &facts)
{
    header(facts).writeVersion = header(facts).readVersion = 2;
}

void belongsTo(DatabaseFacts &facts, const char *id)
{
    for (const inspect::Application &application : inspect::applications()) {
        if (application.id == id)
            facts.application = inspect::ApplicationMatch{&application, inspect::Confidence::BelongsTo};
    }
    QVERIFY2(facts.application, id);
}

void held(DatabaseFacts &facts, const char *by, std::vector<std::string> locks = {})
{
    facts.holders.push_back({.pid = 77, .name = by, .user = "a", .locks = std::move(locks)});
}

void litestream(DatabaseFacts &facts)
{
    facts.structure->objects.push_back(table("_litestream_seq", {column("id", 1)}));
}

void inWal(DatabaseFacts &facts, std::uint32_t frames, std::uint32_t backfilled, std::optional<std::uint32_t> reader)
{
    wal(facts);
    facts.seen.siblings.wal = std::uint64_t(frames) * (4096 + 24);
    facts.siblings.index = sqlite::WalIndex{.maxFrame = frames, .backfilled = backfilled};
    facts.siblings.notCheckpointed = frames - backfilled;
    facts.siblings.oldestReader = reader;
}

inspect::Project project()
{
    return {
        .framework = "django", .name = "Django", .version = "5.2", .root = "/srv/shop", .settings = "/srv/shop/s.py"};
}

struct Case
{
    const char *rule;
    Change fires;
    Change spares;
    const char *seen; ///< a part of the sentence
};

const std::vector<Case> &cases()
{
    using F = DatabaseFacts &;
    using Problem = sqlite::Problem;
    const auto problem = [](Problem kind) { return [kind](F facts) { facts.seen.problems.push_back({kind, 0, 0}); }; };
    const auto on = [](const char *filesystem) { return [filesystem](F facts) { facts.filesystem = filesystem; }; };
    const auto at = [](const char *path) { return [path](F facts) { facts.path = path; }; };
    const auto journal = [](SiblingState state, std::uint64_t size) {
        return [state, size](F facts) {
            facts.siblings.journal = state;
            facts.seen.siblings.journal = size;
        };
    };
    const auto app = [](const char *id) { return [id](F facts) { belongsTo(facts, id); }; };
    const auto both = [](Change a, Change b) {
        return [a, b](F facts) {
            a(facts);
            b(facts);
        };
    };
    const auto free = [](std::uint32_t pages) { return [pages](F facts) { header(facts).freelistPages = pages; }; };
    const auto vacuum = [](std::uint32_t incremental) {
        return [incremental](F facts) {
            header(facts).largestRootPage = 5;
            header(facts).incrementalVacuum = incremental;
        };
    };
    const auto pageSize = [](std::uint32_t size) { return [size](F facts) { header(facts).pageSize = size; }; };
    const auto add = [](SchemaObject object) {
        return [object](F facts) { facts.structure->objects.push_back(object); };
    };
    const auto objects = [](int count) {
        return [count](F facts) {
            for (int i = 0; i < count; ++i)
                facts.structure->objects.push_back(table(("t" + std::to_string(i)).c_str(), {column("id", 1)}));
        };
    };
    const auto indexes = [](int count) {
        return [count](F facts) {
            for (int i = 0; i < count; ++i)
                facts.structure->objects.push_back(
                    index(("i" + std::to_string(i)).c_str(), "orders", {"c" + std::to_string(i)}));
        };
    };
    const Change nothing = [](F) {};
    const Change small = [](F facts) { facts.seen.file.size = 64 * 1024; };
    const Change django = [](F facts) { facts.project = project(); };
    const auto mode = [](std::uint32_t bits) { return [bits](F facts) { facts.seen.file.mode = 0100000 | bits; }; };
    const Change reachable = [](F facts) { facts.othersReach = true; };
    const Change cleared = [](F facts) { facts.holders.clear(); };
    const Change byOther = [](F facts) { held(facts, "gunicorn"); };
    const Change byLitestream = [](F facts) { held(facts, "litestream"); };

    static const std::vector<Case> all = {
        {"server-rollback-journal", django, both(django, wal), "Django"},
        {"wal-on-network", both(wal, on("nfs4")), on("nfs4"), "nfs4"},
        {"network-filesystem", on("cifs"), both(wal, on("cifs")), "cifs"},
        {"synced-folder", at("/home/a/Dropbox (Work)/x.db"), at("/home/a/.config/Dropbox/x.db"), "Dropbox"},
        {"wal-read-only", both(wal, mode(0444)), mode(0444), "nobody may write"},
        {"wal-pinned", [](F facts) { inWal(facts, 9000, 100, 200); }, [](F facts) { inWal(facts, 9000, 8900, 8900); },
         "frame 200"},
        {"wal-large", [](F facts) { inWal(facts, 9000, 100, {}); }, [](F facts) { inWal(facts, 3000, 100, {}); },
         "9 times"},
        {"wal-kept-large", [](F facts) { inWal(facts, 9000, 8900, {}); }, [](F facts) { inWal(facts, 9000, 100, {}); },
         "35 MiB"},
        {"wal-left-by-crash",
         [](F facts) {
             inWal(facts, 12, 0, {});
             facts.siblings.wal = SiblingState::LeftByCrash;
         },
         [](F facts) {
             inWal(facts, 12, 0, {});
             facts.siblings.wal = SiblingState::Live;
         },
         "12 frames"},
        {"hot-journal",
         [](F facts) {
             facts.seen.hotJournal = true;
             facts.seen.siblings.journal = 5 * 1024;
         },
         journal(SiblingState::Spent, 5), "5.0 KiB"},
        {"wal-beside-rollback", problem(Problem::WalBesideRollback), problem(Problem::WalPageSizeDiffers),
         "rollback mode"},
        {"wal-of-another", problem(Problem::WalPageSizeDiffers), problem(Problem::WalTooLarge), "can't be"},
        {"journal-of-another", journal(SiblingState::OtherDatabase, 4096), journal(SiblingState::Hot, 4096), "4.0 KiB"},
        {"journal-kept-large", journal(SiblingState::Spent, 100 * MiB), journal(SiblingState::Spent, 1 * MiB),
         "100 MiB"},
        {"shm-left", [](F facts) { facts.seen.siblings.shmExists = true; },
         [](F facts) {
             facts.seen.siblings.shmExists = true;
             held(facts, "x");
         },
         "-shm"},
        {"writer-wal-reset-bug",
         [](F facts) {
             wal(facts);
             header(facts).writerVersion = 3'040'001;
         },
         [](F facts) {
             wal(facts);
             header(facts).writerVersion = 3'050'007;
         },
         "3.40.1"},
        {"library-wal-reset-bug", both(wal, byOther), both(wal, cleared), sqlite::libraryVersion()},
        {"litestream-managed", both(wal, litestream), wal, "Litestream"},
        {"litestream-needs-wal", litestream, both(wal, litestream), "rollback mode"},
        {"litestream-not-running", both(both(wal, litestream), byOther),
         both(both(wal, litestream), both(byOther, byLitestream)), "gunicorn"},
        {"litestream-other-checkpointer",
         [](F facts) {
             litestream(facts);
             held(facts, "gunicorn", {"wal-checkpoint"});
         },
         [](F facts) {
             litestream(facts);
             held(facts, "litestream", {"wal-checkpoint"});
         },
         "gunicorn (77)"},

        {"free-pages", free(10'000), free(5'000), "39 %"},
        {"incremental-vacuum-unused", both(vacuum(1), free(10'000)), both(vacuum(0), free(10'000)), "39 MiB of"},
        {"auto-vacuum-full", vacuum(0), vacuum(1), "100 MiB"},
        {"small-pages", pageSize(1024), both(pageSize(1024), small), "1.0 KiB"},
        {"large-pages", both(pageSize(65536), app("django")), pageSize(65536), "64 KiB"},
        {"stored-cache-size", [](F facts) { header(facts).defaultCacheSize = 2000; }, nothing, "7.8 MiB"},
        {"overlay-filesystem", on("overlay"), on("xfs"), "overlay"},
        {"memory-filesystem", on("tmpfs"), both(on("tmpfs"), app("rails-cache")), "tmpfs"},
        {"removable-filesystem", on("exfat"), on("btrfs"), "exfat"},
        {"fuse-filesystem", on("fuse.mergerfs"), on("ext4"), "fuse.mergerfs"},
        {"fat-size-limit",
         [](F facts) {
             facts.filesystem = "vfat";
             facts.seen.file.size = 3500 * MiB;
         },
         [](F facts) {
             facts.filesystem = "exfat";
             facts.seen.file.size = 3500 * MiB;
         },
         "3.4 GiB"},
        {"dominant-table",
         [](F facts) {
             facts.space->items.push_back(spaceOf("i", "orders", 900 * MiB));
         },
         nothing, "orders"},
        {"many-objects", objects(2000), objects(500), "2\u2009004"},
        {"path-too-long", [](F facts) { facts.path = "/" + std::string(600, 'x'); }, nothing, "601"},

        {"no-statistics", [](F facts) { facts.structure->objects.pop_back(); },
         [](F facts) {
             facts.structure->objects.pop_back();
             facts.structure->objects.pop_back();
         },
         "Indexes: 1"},
        {"foreign-key-without-index",
         add(table("items", {column("id", 1), column("o")}, {{"orders", {"o"}}})),
         add(table("items", {column("o", 1, "TEXT"), column("n", 2)}, {{"orders", {"o"}}})), "items(o)"},
        {"foreign-key-without-table", add(table("items", {column("o", 1)}, {{"gone", {"o"}}})),
         add(table("items", {column("o", 1)}, {{"ORDERS", {"o"}}})), "gone"},
        {"duplicate-index", add(index("again", "orders", {"Customer"})),
         add(index("again", "orders", {"customer"}, false, "CREATE INDEX again ON orders(customer COLLATE nocase)")),
         "again"},
        {"prefix-index", add(index("wide", "orders", {"customer", "day"})), add(index("wide", "orders", {"day", "customer"})),
         "orders_customer"},
        {"index-on-rowid", add(index("orders_id", "orders", {"id"})),
         both(add(table("w", {column("k", 1, "TEXT")})), add(index("w_k", "w", {"k"}))), "orders_id"},
        {"many-indexes", indexes(20), indexes(5), "21"},
        {"descending-ignored",
         [](F facts) {
             header(facts).schemaFormat = 1;
             facts.structure->objects.push_back(index("d", "orders", {"day"}, false, "CREATE INDEX d ON orders(day desc)"));
         },
         [](F facts) {
             facts.structure->objects.push_back(index("d", "orders", {"day"}, false, "CREATE INDEX d ON orders(day desc)"));
         },
         "format 1"},
        {"no-primary-key", add(table("log", {column("text")})), add(table("sqlite_x", {column("text")})), "log"},

        {"damaged", [](F facts) { facts.seen.state = sqlite::State::Damaged; }, nothing, "100 MiB"},
        {"check-found-damage", [](F facts) { facts.history->lastCheckOk = false; }, [](F facts) { facts.history.reset(); },
         "found damage"},
        {"sqlite2-format", [](F facts) { facts.seen.state = sqlite::State::Sqlite2; }, nothing, "SQLite 2"},
        {"many-names", [](F facts) { facts.seen.file.links = 3; }, nothing, "3 names"},
        {"secrets-readable", both(both(app("nss-keys"), mode(0644)), reachable), both(app("nss-keys"), mode(0644)),
         "private keys"},
        {"world-writable", reachable, both(reachable, mode(0644)), "Every user"},
        {"in-web-folder", at("/var/www/html/data/x.db"), at("/var/www/shop/x.db"), "www/html"},
        {"leave-to-application", app("firefox-places"), app("django"), "Firefox"},
        {"purge-instead",
         [](F facts) {
             belongsTo(facts, "home-assistant");
             facts.seen.file.size = 900 * MiB;
         },
         app("home-assistant"), "900 MiB"},
        {"needs-extension", app("plex"), app("django"), "collation icu_root"},
        {"work-on-a-copy", app("whatsapp"), app("django"), "WhatsApp"},
        {"connection-settings", django, app("django"), "Django 5.2"},
        {"never-backed-up", [](F facts) { facts.history->lastBackup.reset(); },
         [](F facts) {
             facts.history->lastBackup.reset();
             belongsTo(facts, "cargo");
         },
         "no backup"},
        {"backup-old", [](F facts) { facts.history->lastBackup = day(19'900); },
         [](F facts) { facts.history->lastBackup = day(19'998); }, "101 days"},
        {"never-checked", [](F facts) { facts.history->lastCheck.reset(); }, nothing, "never checked"},
    };
    return all;
}

QStringList idsOf(const std::vector<Finding> &findings)
{
    QStringList ids;
    for (const Finding &finding : findings)
        ids.append(QString::fromLatin1(finding.rule->id));
    return ids;
}

}
Q_DECLARE_METATYPE(Case)

class TestAdvisor : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void aHealthyDatabaseGivesNothing()
    {
        const advice::Advice advice = advice::judge(healthy());
        QCOMPARE(idsOf(advice.findings), QStringList());
        QCOMPARE(advice.judged.size(), advice::rules().size());
        DatabaseFacts inWalMode = healthy();
        wal(inWalMode);
        QCOMPARE(idsOf(advice::advise(inWalMode)), QStringList());
    }

    void thereAreRulesEnough()
    {
        QVERIFY2(advice::rules().size() >= 30, qPrintable(QString::number(advice::rules().size())));
    }

    void everyRuleHasACase()
    {
        QSet<QString> ids;
        for (const Case &one : cases())
            ids.insert(QString::fromLatin1(one.rule));
        for (const advice::Rule *rule : advice::rules())
            QVERIFY2(ids.contains(QString::fromLatin1(rule->id)), rule->id);
        QCOMPARE(ids.size(), qsizetype(advice::rules().size()));
    }

    void everyRuleSpeaks_data()
    {
        QTest::addColumn<Case>("one");
        for (const Case &one : cases())
            QTest::newRow(one.rule) << one;
    }
    void everyRuleSpeaks()
    {
        QFETCH(Case, one);
        if (std::string_view(one.rule) == "library-wal-reset-bug" && !sqlite::libraryHasWalResetBug())
            QSKIP("NOT TESTED: the linked SQLite has no WAL-reset bug");
        DatabaseFacts facts = healthy();
        one.fires(facts);
        const std::vector<Finding> findings = advice::advise(facts);
        const auto finding =
            std::ranges::find(findings, one.rule, [](const Finding &f) { return std::string_view(f.rule->id); });
        QVERIFY2(finding != findings.end(), qPrintable(idsOf(findings).join(u' ')));
        const words::FindingText text = words::describe(*finding);
        QVERIFY2(text.seen.contains(QString::fromUtf8(one.seen)), qPrintable(text.seen));
        for (const QString &sentence : {text.seen, text.why, text.gain, text.risk, text.fix, text.undo}) {
            QVERIFY2(sentence.endsWith(u'.') && !sentence.contains(u"%1") && !sentence.contains(u"  "),
                     qPrintable(sentence));
            QVERIFY2(!sentence.contains(u'?'), qPrintable(sentence)); // a place without a value
        }
    }

    void everyRuleIsSilent_data() { everyRuleSpeaks_data(); }
    void everyRuleIsSilent()
    {
        QFETCH(Case, one);
        DatabaseFacts facts = healthy();
        one.spares(facts);
        const QStringList ids = idsOf(advice::advise(facts));
        QVERIFY2(!ids.contains(QString::fromLatin1(one.rule)), qPrintable(ids.join(u' ')));
    }

    void everyRuleIsWhole()
    {
        static const QRegularExpression id(QStringLiteral("^[a-z0-9]+(-[a-z0-9]+)*$"));
        QSet<QString> ids;
        QSet<QString> titles;
        for (const advice::Rule *rule : advice::rules()) {
            ids.insert(QString::fromLatin1(rule->id));
            titles.insert(QString::fromUtf8(rule->title));
            QVERIFY2(id.match(QString::fromLatin1(rule->id)).hasMatch(), rule->id);
            QVERIFY2(std::string_view(rule->link).starts_with("https://"), rule->id);
            QVERIFY2(!QString::fromUtf8(rule->title).contains(u'%') && !QString::fromUtf8(rule->title).endsWith(u'.'),
                     rule->title);
            for (const char *text :
                 {rule->title, rule->seen, rule->why, rule->gain, rule->risk, rule->fix.text, rule->undo})
                QVERIFY2(text && *text, rule->id);
            QCOMPARE(rule->fix.kind == advice::Fix::Operation, *rule->fix.operation != '\0');
            QVERIFY(advice::find(rule->id) == rule);
        }
        QCOMPARE(ids.size(), qsizetype(advice::rules().size()));
        QCOMPARE(titles.size(), qsizetype(advice::rules().size()));
        QVERIFY(!advice::find("no-such-rule"));
    }

    void everyOperationThatIsAdvisedExists()
    {
        for (const advice::Rule *rule : advice::rules()) {
            const advice::Fix &fix = rule->fix;
            if (fix.kind != advice::Fix::Operation)
                continue;
            const operations::Operation *operation = operations::find(fix.operation);
            QVERIFY2(operation, rule->id);
            if (*fix.parameter == '\0')
                continue;
            const auto parameter =
                std::ranges::find(operation->parameters, std::string_view(fix.parameter),
                                  [](const operations::Parameter &p) { return std::string_view(p.id); });
            QVERIFY2(parameter != operation->parameters.end(), rule->id);
            if (parameter->kind == operations::Parameter::Kind::Flag)
                continue;
            QVERIFY2(std::ranges::any_of(parameter->choices,
                                         [&](const auto &choice) { return std::string_view(choice.id) == fix.value; }),
                     rule->id);
        }
    }

    void whatIsNotKnownIsNotJudged()
    {
        DatabaseFacts facts = healthy();
        facts.structure.reset();
        facts.history.reset();
        facts.space.reset();
        facts.looked = false;
        const advice::Advice advice = advice::judge(facts);
        QVERIFY(advice.findings.empty());
        QVERIFY(!advice.notJudged.empty());
        QCOMPARE(advice.judged.size() + advice.notJudged.size(), advice::rules().size());
        for (const advice::Rule *rule : advice.notJudged)
            QVERIFY2(rule->need >= advice::Need::Look, rule->id);
        const QString text = words::checked(advice);
        QVERIFY2(text.startsWith(QStringLiteral("Checked ")) && text.contains(QStringLiteral("nothing to do.")) &&
                     text.contains(QStringLiteral("tables, columns and indexes")),
                 qPrintable(text));
    }

    void nothingAtAllIsKnownOfAnEmptyFile()
    {
        DatabaseFacts facts;
        facts.path = "/srv/new.db";
        facts.seen.state = sqlite::State::Empty;
        facts.looked = true;
        facts.history = inspect::History();
        QCOMPARE(idsOf(advice::advise(facts)), QStringList());
    }

    void anApplicationIsNotInterferedWith()
    {
        DatabaseFacts facts = healthy();
        wal(facts);
        header(facts).writerVersion = 3'040'001;
        header(facts).freelistPages = 20'000;
        header(facts).pageSize = 1024;
        facts.structure->objects.push_back(index("again", "orders", {"customer"}));
        belongsTo(facts, "firefox-places");
        const advice::Advice advice = advice::judge(facts);
        QCOMPARE(idsOf(advice.findings), QStringList(QStringLiteral("leave-to-application")));
        QVERIFY(!advice.notAskedOf.empty());
        QVERIFY(words::checked(advice).contains(QStringLiteral("left to its application")));
        // What endangers the rows is said all the same.
        facts.filesystem = "nfs4";
        facts.seen.hotJournal = true;
        QCOMPARE(idsOf(advice::advise(facts)).first(2),
                 QStringList({QStringLiteral("wal-on-network"), QStringLiteral("hot-journal")}));
    }

    void aDamagedFileIsNotAdvisedOnItsSettings()
    {
        DatabaseFacts facts = healthy();
        header(facts).freelistPages = 20'000;
        header(facts).defaultCacheSize = 77;
        facts.seen.hotJournal = true;
        facts.seen.state = sqlite::State::Damaged;
        QCOMPARE(idsOf(advice::advise(facts)), QStringList({QStringLiteral("damaged"), QStringLiteral("hot-journal")}));
    }

    void theTablesOfAKnownFormatAreAsTheyAre()
    {
        DatabaseFacts facts = healthy();
        facts.structure->objects.push_back(table("tiles", {column("x")}));
        belongsTo(facts, "mbtiles");
        QCOMPARE(idsOf(advice::advise(facts)), QStringList());
        belongsTo(facts, "sqlx");
        QCOMPARE(idsOf(advice::advise(facts)),
                 QStringList({QStringLiteral("server-rollback-journal"), QStringLiteral("no-primary-key")}));
    }

    void theWeightiestComesFirst()
    {
        DatabaseFacts facts = healthy();
        facts.seen.file.links = 2;
        facts.filesystem = "nfs4";
        wal(facts);
        facts.history->lastCheck.reset();
        header(facts).freelistPages = 20'000;
        QCOMPARE(idsOf(advice::advise(facts)),
                 QStringList({QStringLiteral("wal-on-network"), QStringLiteral("many-names"),
                              QStringLiteral("free-pages"), QStringLiteral("never-checked")}));
    }

    void aFindingMayWeighMoreThanItsRule()
    {
        DatabaseFacts facts = healthy();
        facts.path = "/home/a/Dropbox/x.db";
        QCOMPARE(advice::advise(facts).front().weight(), advice::Severity::Advice);
        wal(facts);
        QCOMPARE(advice::advise(facts).front().weight(), advice::Severity::Warning);
    }

    void namesFromTheFileAreEscaped()
    {
        DatabaseFacts facts = healthy();
        facts.structure->objects.push_back(table("%2\x1b[31m\n", {column("x")}));
        const QString seen = words::describe(advice::advise(facts).front()).seen;
        QVERIFY2(seen.contains(QStringLiteral("%2\\x1b[31m\\n")), qPrintable(seen));
    }

    void manyFilesAreGrouped()
    {
        DatabaseFacts a = healthy();
        a.filesystem = "overlay";
        a.seen.state = sqlite::State::Damaged;
        DatabaseFacts b = healthy();
        b.path = "/srv/b.db";
        b.filesystem = "overlay";
        const std::vector<advice::FileFindings> files = {{a.path, advice::advise(a)}, {b.path, advice::advise(b)}};
        const std::vector<advice::Group> groups = advice::grouped(files);
        QCOMPARE(groups.size(), std::size_t(2));
        QCOMPARE(words::describe(groups[0]), QStringLiteral("1 database: Damaged"));
        QCOMPARE(words::describe(groups[1]), QStringLiteral("2 databases: In a container's own layer"));
        QVERIFY(groups[1].files == std::vector<Path>({a.path, b.path}));
    }

    void ofEqualIndexesTheRightOneCanGo_data()
    {
        QTest::addColumn<bool>("firstUnique");
        QTest::addColumn<bool>("secondUnique");
        QTest::addColumn<bool>("secondMade");
        QTest::addColumn<QString>("goes");

        QTest::newRow("of two alike the later") << false << false << true << "b";
        QTest::newRow("not the unique one") << false << true << true << "a";
        QTest::newRow("of two unique ones the later") << true << true << true << "b";
        QTest::newRow("never SQLite's own") << true << true << false << "a";
    }
    void ofEqualIndexesTheRightOneCanGo()
    {
        QFETCH(bool, firstUnique);
        QFETCH(bool, secondUnique);
        QFETCH(bool, secondMade);
        DatabaseFacts facts = healthy();
        facts.structure->objects.push_back(index("a", "orders", {"x", "y"}, firstUnique));
        facts.structure->objects.push_back(
            index("b", "ORDERS", {"X", "y"}, secondUnique, secondMade ? "CREATE …" : ""));
        const std::vector<Finding> findings = advice::advise(facts);
        QCOMPARE(idsOf(findings), QStringList(QStringLiteral("duplicate-index")));
        QTEST(QString::fromStdString(std::get<std::string>(findings.front().values.at(1))), "goes");
    }

    void anyOrderOfTheColumnsServesAForeignKey()
    {
        DatabaseFacts facts = healthy();
        facts.structure->objects.push_back(table("items", {column("id", 1)}, {{"orders", {"a", "b"}}}));
        facts.structure->objects.push_back(index("i", "items", {"c", "a", "b"}));
        QCOMPARE(idsOf(advice::advise(facts)), QStringList(QStringLiteral("foreign-key-without-index")));
        facts.structure->objects.back().indexColumns = {"B", "A", "c"};
        QCOMPARE(idsOf(advice::advise(facts)), QStringList());
        facts.structure->objects.back().partial = true;
        QCOMPARE(idsOf(advice::advise(facts)), QStringList(QStringLiteral("foreign-key-without-index")));
    }

    /// As many objects as a file may have of us, all of one table.
    void aHugeSchemaIsJudgedInTime()
    {
        DatabaseFacts facts = healthy();
        SchemaObject &orders = facts.structure->objects.at(1);
        for (int i = 0; i < 20'000; ++i) {
            orders.foreignKeys.push_back({"gone" + std::to_string(i), {"c" + std::to_string(i)}});
        }
        for (int i = 0; i < 20'000; ++i)
            facts.structure->objects.push_back(
                index(("i" + std::to_string(i)).c_str(), "orders", {"k", "d" + std::to_string(i / 2)}));
        const std::vector<Finding> findings = advice::advise(facts);
        QVERIFY(idsOf(findings).contains(QStringLiteral("duplicate-index")));
    }

    void aMuteCoversARuleAFileOrAFolder_data()
    {
        QTest::addColumn<QString>("rule");
        QTest::addColumn<QString>("place");
        QTest::addColumn<bool>("muted");

        QTest::newRow("the rule everywhere") << "damaged"
                                             << "" << true;
        QTest::newRow("another rule") << "free-pages"
                                      << "" << false;
        QTest::newRow("everything in the file") << ""
                                                << "/srv/a/x.db" << true;
        QTest::newRow("everything in the folder") << ""
                                                  << "/srv" << true;
        QTest::newRow("a folder with a slash") << "damaged"
                                               << "/srv/" << true;
        QTest::newRow("a folder whose name is only the beginning") << "damaged"
                                                                   << "/srv/a/x" << false;
        QTest::newRow("another file") << "damaged"
                                      << "/srv/a/y.db" << false;
        QTest::newRow("the whole system") << "damaged"
                                          << "/" << true;
    }
    void aMuteCoversARuleAFileOrAFolder()
    {
        QFETCH(QString, rule);
        QFETCH(QString, place);
        const Finding finding{.rule = advice::find("damaged")};
        const Mute mute{rule.toStdString(), place.toStdString()};
        QTEST(advice::isMuted({mute}, finding, "/srv/a/x.db"), "muted");
        QVERIFY(!advice::isMuted({}, finding, "/srv/a/x.db"));
    }
};

QTEST_GUILESS_MAIN(TestAdvisor)
#include "tst_advisor.moc"
