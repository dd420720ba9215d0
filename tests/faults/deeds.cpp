// SPDX-License-Identifier: GPL-3.0-or-later
#include "faults/deeds.h"

#include "support/dbbuilder.h"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

namespace lk::test {

using namespace Qt::StringLiterals;

// Scenes -------------------------------------------------------------------------------------------------------------

QStringList Scene::environment() const
{
    QStringList words{u"env"_s, u"LITEKEEPER_NO_MEMORY=0"_s};
    for (const char *folder : {"XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"})
        words.append(QString::fromLatin1(folder) + u'=' + text(own));
    words.append(u"TMPDIR="_s + text(temporary));
    return words;
}

Outcome Scene::run(const QStringList &arguments, const QStringList &before) const
{
    return runCli(arguments, environment() + before);
}

QStringList Scene::commandLine(const QStringList &arguments) const
{
    return environment() + QStringList{cliPath()} + arguments;
}

std::vector<int> Scene::count(const QStringList &calls, const QStringList &arguments) const
{
    return countCalls(calls, arguments, environment());
}

QString Scene::flawOfMemory() const
{
    const Path catalogue = own / "litekeeper/catalogue.sqlite";
    if (std::filesystem::exists(catalogue) && queryCopy(catalogue, "PRAGMA integrity_check") != "ok")
        return u"the catalogue is damaged"_s;
    const Outcome history = run({u"history"_s, u"--format"_s, u"json"_s});
    if (history.exitStatus != 0 || history.errors.contains("aside"))
        return u"the history can't be read: "_s + QString::fromUtf8(history.errors);
    return {};
}

static bool isOurs(const std::string &name)
{
    return name.ends_with(".json");
}

std::vector<Path> Scene::visible(const Path &folder) const
{
    std::vector<Path> found;
    for (const auto &entry : std::filesystem::directory_iterator(folder)) {
        const std::string name = entry.path().filename();
        if (name.find(".partial") == std::string::npos && !isOurs(name))
            found.push_back(entry.path());
    }
    std::ranges::sort(found);
    return found;
}

std::vector<std::string> Scene::leftovers() const
{
    std::vector<std::string> found;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(tree.path())) {
        const std::string name = entry.path().filename();
        if (name.find(".partial") != std::string::npos || entry.path().parent_path() == temporary)
            found.push_back(name);
    }
    return found;
}

Stage::Stage(const Deed &deed)
    : m_deed(deed)
    , m_template(std::make_unique<Scene>())
{
    deed.make(*m_template);
    m_reference.before = contentHash(scene()->source);
    m_reference.after = m_reference.before;
    if (deed.changesContent) {
        const std::unique_ptr<Scene> trial = scene();
        if (trial->run(deed.command(*trial)).exitStatus != 0)
            throw std::runtime_error(std::string(deed.name) + " can't be done at all");
        m_reference.after = contentHash(trial->source);
    }
}

std::unique_ptr<Scene> Stage::scene() const
{
    auto scene = std::make_unique<Scene>();
    const auto how = std::filesystem::copy_options::recursive | std::filesystem::copy_options::overwrite_existing;
    std::filesystem::copy(m_template->tree.path(), scene->tree.path(), how);
    if (m_deed.prepare)
        m_deed.prepare(*scene);
    return scene;
}

// Points -------------------------------------------------------------------------------------------------------------

bool isFull()
{
    return qgetenv("LITEKEEPER_FAULTS") == "full";
}

std::vector<Point> points(const Stage &stage, const QStringList &calls, int sample, int mostOfACall)
{
    const std::unique_ptr<Scene> scene = stage.scene();
    const std::vector<int> counts = scene->count(calls, stage.deed().command(*scene));
    std::vector<Point> all;
    for (qsizetype call = 0; call < calls.size(); ++call) {
        const int count = counts[std::size_t(call)];
        const int tries = std::min(count, mostOfACall);
        for (int i = 0; i < tries; ++i)
            all.push_back({calls[call], tries == 1 ? 1 : 1 + int(std::int64_t(i) * (count - 1) / (tries - 1))});
    }
    const auto size = static_cast<int>(all.size());
    if (const int wanted = qEnvironmentVariableIntValue("LITEKEEPER_FAULTS"); wanted > 1)
        sample = wanted;
    if (isFull() || size <= sample)
        return all;
    std::vector<Point> some;
    for (int i = 0; i < sample; ++i)
        some.push_back(all[std::size_t(std::int64_t(i) * (size - 1) / (sample - 1))]);
    return some;
}

// Deeds --------------------------------------------------------------------------------------------------------------

/// Some 6 MB where many points are tried, so that whatever is done in steps has many of them.
static int rows(int few)
{
    return qEnvironmentVariableIsSet("LITEKEEPER_FAULTS") ? 12'000 : few;
}

static DatabaseSpec spec(const char *journalMode = "delete")
{
    return {.journalMode = journalMode, .rows = rows(400), .valueSize = 400};
}

static QString flawOf(const Path &database, const std::string &expected)
{
    if (queryCopy(database, "PRAGMA integrity_check") != "ok")
        return text(database) + u" is damaged"_s;
    if (contentHash(database) != expected)
        return text(database) + u" has other content"_s;
    return {};
}

static QStringList acting(const QStringList &verb, const Scene &scene)
{
    return verb + QStringList{u"--format"_s, u"json"_s, u"--wait"_s, u"0"_s, text(scene.source)};
}

static QStringList backingUp(const Scene &scene)
{
    return acting({u"backup"_s, u"--to"_s, text(scene.target)}, scene);
}

/// Every backup there is has the source's content, and there is one if it was said so. The source is as it was.
static QString backupFlaw(const Scene &scene, const Reference &reference, bool done)
{
    const std::vector<Path> backups = scene.visible(scene.target);
    if (backups.size() > 1 || (done && backups.empty()))
        return QString::number(backups.size()) + u" backups"_s;
    for (const Path &backup : backups) {
        if (const QString flaw = flawOf(backup, reference.before); !flaw.isEmpty())
            return flaw;
    }
    return flawOf(scene.source, reference.before);
}

/// Packed ones are read by the program itself: it says what is wrong with them.
static QString packedFlaw(const Scene &scene, const Reference &reference, bool done)
{
    const std::vector<Path> backups = scene.visible(scene.target);
    if (backups.size() > 1 || (done && backups.empty()))
        return QString::number(backups.size()) + u" backups"_s;
    for (const Path &backup : backups) {
        const Outcome verified = scene.run({u"verify"_s, text(backup)});
        if (verified.exitStatus != 0)
            return QString::fromUtf8(verified.output + verified.errors);
    }
    return flawOf(scene.source, reference.before);
}

/// Of a raw set SQLite makes what it makes of the source.
static QString rawFlaw(const Scene &scene, const Reference &reference, bool done)
{
    const std::vector<Path> backups = scene.visible(scene.target);
    if (backups.size() > 1 || (done && backups.empty()))
        return QString::number(backups.size()) + u" backups"_s;
    for (const Path &backup : backups) {
        const Path to = scene.target / "unpacked.partial";
        const Outcome restored = scene.run({u"restore"_s, text(backup), u"--to"_s, text(to)});
        const QString flaw = flawOf(to, reference.before);
        std::filesystem::remove(to);
        if (restored.exitStatus != 0 || !flaw.isEmpty())
            return flaw + QString::fromUtf8(restored.output + restored.errors);
    }
    return flawOf(scene.source, reference.before);
}

static void makeBackup(const Scene &scene)
{
    if (scene.run(backingUp(scene)).exitStatus != 0)
        throw std::runtime_error("no backup could be made");
}

/// Of two backups and a new one that replaces them, a good one is there at any moment.
static QString keptFlaw(const Scene &scene, const Reference &reference, bool done)
{
    const std::vector<Path> backups = scene.visible(scene.target);
    if (backups.empty() || backups.size() > 3 || (done && backups.size() != 1))
        return QString::number(backups.size()) + u" backups"_s;
    for (const Path &backup : backups) {
        if (const QString flaw = flawOf(backup, reference.before); !flaw.isEmpty())
            return flaw;
    }
    return flawOf(scene.source, reference.before);
}

static void makeRollback(const Scene &scene)
{
    makeDatabase(scene.source, spec());
}

static void makeWal(const Scene &scene)
{
    makeDatabase(scene.source, spec("wal"));
}

static void makeCrashed(const Scene &scene)
{
    makeCrashedWal(scene.source, spec(), 100);
}

/// Content as it was, in the mode that was said if one was.
static auto modeFlaw(const char *wanted)
{
    return [wanted](const Scene &scene, const Reference &reference, bool done) {
        const std::string mode = queryCopy(scene.source, "PRAGMA journal_mode");
        if (done ? mode != wanted : mode != "wal" && mode != "delete")
            return u"the journal mode is "_s + QString::fromStdString(mode);
        return flawOf(scene.source, reference.before);
    };
}

/// Free pages in the middle and at the end.
static void makeFragmented(const Scene &scene, const char *journalMode)
{
    DatabaseSpec holes = spec(journalMode);
    holes.moreSql = "DELETE FROM t WHERE id % 3 = 0 OR id > " + std::to_string(holes.rows * 4 / 5);
    makeDatabase(scene.source, holes);
}

static QString contentFlaw(const Scene &scene, const Reference &reference, bool)
{
    return flawOf(scene.source, reference.before);
}

/// Old or new, and new if it was said to be done.
static QString oldOrNewFlaw(const Scene &scene, const Reference &reference, bool done)
{
    const QString isNotNew = flawOf(scene.source, reference.after);
    return isNotNew.isEmpty() || done ? isNotNew : flawOf(scene.source, reference.before);
}

/// A new page size in WAL mode takes two changes of the mode; killed between them, it stays in rollback mode.
static QString pageSizeFlaw(const Scene &scene, const Reference &reference, bool done)
{
    if (done && queryCopy(scene.source, "PRAGMA page_size") != "8192")
        return u"the page size is not the new one"_s;
    return modeFlaw("wal")(scene, reference, done);
}

static QStringList restoring(const Scene &scene)
{
    std::vector<Path> backups = scene.visible(scene.target);
    if (backups.empty())
        throw std::runtime_error("there is no backup to restore");
    return {u"restore"_s,          u"--format"_s, u"json"_s,          u"--wait"_s,   u"0"_s,
            text(backups.front()), u"--to"_s,     text(scene.source), u"--replace"_s};
}

static void changeAfterBackup(const Scene &scene)
{
    makeBackup(scene);
    runSql(scene.source, "UPDATE t SET k = k || ' changed' WHERE id % 2");
}

/// What is restored over was left by a crash, with rows that are only in its -wal.
static void crashAfterBackup(const Scene &scene)
{
    makeBackup(scene);
    std::filesystem::remove(scene.source);
    makeCrashedWal(scene.source, spec(), 50);
}

/// An index that can't be read; the rows are all there.
static void makeDamaged(const Scene &scene)
{
    makeDatabase(scene.source, spec());
    const std::string root = queryCopy(scene.source, "SELECT rootpage FROM sqlite_schema WHERE type = 'index'");
    patch(scene.source, (std::stoull(root) - 1) * 4096, {0xFF, 0xFF, 0xFF, 0xFF});
}

static QStringList recovering(const Scene &scene)
{
    return acting({u"recover"_s, u"--to"_s, text(scene.target / "saved.db")}, scene);
}

/// What was saved is whole or not there; the damaged file is as it was.
static QString recoverFlaw(const Scene &scene, const Reference &reference, bool done)
{
    const Path saved = scene.target / "saved.db";
    const bool isThere = std::filesystem::exists(saved);
    if (done && !isThere)
        return u"nothing is there"_s;
    if (contentHash(scene.source) != reference.before)
        return u"the damaged file was changed"_s;
    if (!isThere)
        return {};
    // Beside the rows there may be a table of those that belong nowhere: the damaged index's.
    const char *rows = "SELECT group_concat(id || k || hex(v)) FROM (SELECT * FROM t NOT INDEXED ORDER BY id)";
    if (queryCopy(saved, rows) != queryCopy(scene.source, rows))
        return u"rows were not saved"_s;
    return queryCopy(saved, "PRAGMA integrity_check") == "ok" ? QString() : u"what was saved is damaged"_s;
}

static auto verb(const QStringList &words)
{
    return [words](const Scene &scene) { return acting(words, scene); };
}

const std::vector<Deed> &deeds()
{
    static const std::vector<Deed> table{
        {"a backup of a database in rollback mode", makeRollback, backingUp, backupFlaw},
        {"a backup of a database in WAL mode", makeWal, backingUp, backupFlaw},
        {"a backup of a database with the -wal of a crash", makeCrashed, backingUp, backupFlaw},
        {"a packed backup", makeRollback,
         [](const Scene &scene) { return backingUp(scene) + QStringList{u"--zstd"_s}; }, packedFlaw},
        {"a raw set of what a crash left", makeCrashed,
         [](const Scene &scene) { return backingUp(scene) + QStringList{u"--raw"_s}; }, rawFlaw},
        {"a backup that replaces older ones",
         makeRollback,
         [](const Scene &scene) {
             return backingUp(scene) + QStringList{u"--keep"_s, u"1"_s};
         },
         keptFlaw,
         {},
         false,
         [](const Scene &scene) {
             makeBackup(scene);
             makeBackup(scene);
         }},
        {"a restore over a database in rollback mode", makeRollback, restoring, oldOrNewFlaw, u"refused"_s, true,
         changeAfterBackup},
        {"a restore over a database in WAL mode", makeWal, restoring, oldOrNewFlaw, u"refused"_s, true,
         changeAfterBackup},
        {"a restore over what a crash left", makeWal, restoring, oldOrNewFlaw, u"refused"_s, true, crashAfterBackup},
        {"a change into WAL mode", makeRollback, verb({u"journal"_s, u"wal"_s}), modeFlaw("wal"), u"refused"_s},
        {"a change out of WAL mode", makeWal, verb({u"journal"_s, u"delete"_s}), modeFlaw("delete"), u"refused"_s},
        {"a change out of WAL mode with the -wal of a crash", makeCrashed, verb({u"journal"_s, u"delete"_s}),
         modeFlaw("delete"), u"refused"_s},
        {"compacting in rollback mode", [](const Scene &scene) { makeFragmented(scene, "delete"); },
         verb({u"compact"_s}), contentFlaw, u"refused"_s},
        {"compacting in WAL mode", [](const Scene &scene) { makeFragmented(scene, "wal"); }, verb({u"compact"_s}),
         contentFlaw, u"refused"_s},
        {"a new page size in WAL mode", [](const Scene &scene) { makeFragmented(scene, "wal"); },
         verb({u"compact"_s, u"--page-size"_s, u"8192"_s}), pageSizeFlaw, u"refused"_s},
        {"a checkpoint", makeCrashed, verb({u"checkpoint"_s, u"--truncate"_s}), contentFlaw, u"refused"_s},
        {"optimizing", makeRollback, verb({u"optimize"_s}), oldOrNewFlaw, u"refused"_s, true},
        {"saving what a damaged file still has", makeDamaged, recovering, recoverFlaw, u"refused"_s, false, {}, true},
        {"reindexing", makeWal, verb({u"reindex"_s}), contentFlaw, u"refused"_s},
    };
    return table;
}

}
