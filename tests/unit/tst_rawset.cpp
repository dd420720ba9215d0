// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/backups.h"
#include "operations/operation.h"
#include "operations/rawset.h"

#include "support/dbbuilder.h"
#include "support/temptree.h"

#include <QTest>

#include <cstdlib>
#include <functional>

using namespace lk;
using namespace lk::operations;

static Report run(const char *id, const Path &path, const Arguments &arguments)
{
    JobContext context{{}, Progress::none(), std::chrono::milliseconds(0)};
    return act(*find(id), {.path = path, .seen = {}}, arguments, context);
}

static std::string textOf(const Report &report, std::string_view id)
{
    const FieldValue *value = report.field(id);
    const auto *text = value ? std::get_if<std::string>(value) : nullptr;
    return text ? *text : std::string("(no such text)");
}

/// Backups of a database's files as they are.
class TestRawSet : public QObject
{
    Q_OBJECT

    test::TempTree m_tree;
    int m_count = 0;

    Path folder() { return m_tree.folder("f" + std::to_string(++m_count)); }
    static Path keep(const Path &path, const Path &folder)
    {
        return textOf(run("backup", path, {{"to", folder.native()}, {"raw", true}}), "backup");
    }
    /// What tar(1) makes of \a members in \a folder.
    static Path tarOf(const Path &folder, const std::string &members)
    {
        const std::string command =
            "cd '" + folder.native() + "' && tar --format=ustar -cf set.tar " + members + " 2>/dev/null";
        return std::system(command.c_str()) == 0 ? folder / "set.tar" : Path();
    }

private Q_SLOTS:
    void theFilesAreKeptByteForByte_data()
    {
        QTest::addColumn<QByteArray>("state");
        QTest::addColumn<QByteArray>("sibling");
        QTest::newRow("closed cleanly") << QByteArray("clean") << QByteArray();
        QTest::newRow("a crash left a -wal") << QByteArray("wal") << QByteArray("-wal");
        QTest::newRow("a crash left a hot journal") << QByteArray("journal") << QByteArray("-journal");
        QTest::newRow("damaged") << QByteArray("damaged") << QByteArray();
    }
    void theFilesAreKeptByteForByte()
    {
        QFETCH(QByteArray, state);
        QFETCH(QByteArray, sibling);
        const Path path = folder() / "odd \xff'name.db";
        if (state == "wal")
            test::makeCrashedWal(path, {.rows = 300});
        else if (state == "journal")
            test::makeHotJournal(path, {.rows = 300});
        else
            test::makeDatabase(path, {.rows = 300});
        if (state == "damaged")
            test::patch(path, 4096, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff});
        const test::TreeSnapshot before(path.parent_path());
        const Path target = folder();

        const Report made = run("backup", path, {{"to", target.native()}, {"raw", true}});
        QVERIFY2(made.status == Status::Done, made.error ? made.error->detail.c_str() : "");
        QCOMPARE(before.difference(test::TreeSnapshot(path.parent_path())), std::string());
        QVERIFY(*made.field("verified") == FieldValue(false));
        const Path unpacked = folder() / "set";
        QVERIFY(unpackRawSet(textOf(made, "backup"), 1 << 30, unpacked, {}));
        QVERIFY(test::readFile(unpacked) == test::readFile(path));
        for (const char *suffix : {"-wal", "-journal"}) {
            QCOMPARE(std::filesystem::exists(test::withSuffix(unpacked, suffix)), sibling == suffix);
            if (sibling == suffix)
                QVERIFY(test::readFile(test::withSuffix(unpacked, suffix)) ==
                        test::readFile(test::withSuffix(path, suffix)));
        }

        const auto found = backupsIn(target, path);
        QCOMPARE(found->size(), 1u);
        QVERIFY(found->front().format == BackupFormat::Raw && !found->front().complete && isThere(found->front()));
        const Report verified = run("verify", found->front().backup, {});
        QCOMPARE(verified.status, Status::Done);
        QCOMPARE(textOf(verified, "verdict"), std::string("unchecked"));
    }

    void itIsReadableForTar()
    {
        const Path path = folder() / "a.db";
        test::makeCrashedWal(path);
        const Path stored = keep(path, folder());
        const Path place = folder();
        QCOMPARE(std::system(("tar -C '" + place.native() + "' -xf '" + stored.native() + "'").c_str()), 0);
        QVERIFY(test::readFile(place / "a.db") == test::readFile(path));
        QVERIFY(test::readFile(place / "a.db-wal") == test::readFile(test::withSuffix(path, "-wal")));
    }

    void restoringItGivesTheRecoveredState_data()
    {
        QTest::addColumn<bool>("journal");
        QTest::newRow("a -wal is worked in") << false;
        QTest::newRow("a hot journal is undone") << true;
    }
    void restoringItGivesTheRecoveredState()
    {
        QFETCH(bool, journal);
        const Path path = folder() / "a.db";
        if (journal)
            test::makeHotJournal(path, {.rows = 300});
        else
            test::makeCrashedWal(path, {.rows = 300});
        const Path stored = keep(path, folder());
        const Path to = folder() / "b.db";
        const Report restored = run("restore", stored, {{"to", to.native()}});
        QVERIFY2(restored.status == Status::Done, restored.error ? restored.error->detail.c_str() : "");
        QCOMPARE(test::contentHash(to), test::contentHash(path));
    }

    void aDamagedOneIsNotRestored()
    {
        const Path path = folder() / "a.db";
        test::makeDatabase(path, {.rows = 300});
        test::patch(path, 4096, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff});
        const Path stored = keep(path, folder());
        const Path place = folder();
        const Report restored = run("restore", stored, {{"to", (place / "b.db").native()}});
        QCOMPARE(restored.status, Status::Failed);
        QCOMPARE(restored.error->reason, Reason::BackupDamaged);
        QVERIFY(std::filesystem::is_empty(place));
    }

    void aChangedOneIsFoundOut()
    {
        const Path path = folder() / "a.db";
        test::makeDatabase(path);
        const Path stored = keep(path, folder());
        test::patch(stored, 5000, {0x55});
        const Report report = run("verify", stored, {});
        QVERIFY(report.damageFound);
        QCOMPARE(report.error->reason, Reason::BackupChanged);
    }

    void rulesNeitherRemoveNorCountIt()
    {
        const Path path = folder() / "a.db";
        test::makeDatabase(path);
        const Path target = folder();
        const Path raw = keep(path, target);
        const Path whole = textOf(run("backup", path, {{"to", target.native()}}), "backup");
        QCOMPARE(run("backup", path, {{"to", target.native()}, {"raw", true}, {"keep", std::string("1")}}).status,
                 Status::Done);
        QVERIFY(std::filesystem::exists(whole)); // a raw one is no reason to remove a checked one
        QCOMPARE(run("backup", path, {{"to", target.native()}, {"keep", std::string("1")}}).status, Status::Done);
        QVERIFY(!std::filesystem::exists(whole));
        QVERIFY(std::filesystem::exists(raw));
    }

    void whatIsNoSetIsRefused_data()
    {
        QTest::addColumn<QByteArray>("members");
        QTest::addColumn<qulonglong>("most");
        const auto plenty = qulonglong(1) << 30;
        QTest::newRow("nothing in it") << QByteArray("--files-from /dev/null") << plenty;
        QTest::newRow("a file that is no sibling") << QByteArray("a.db other") << plenty;
        QTest::newRow("one with a path") << QByteArray("a.db -P a.db ../sneaky") << plenty;
        QTest::newRow("a link") << QByteArray("link-wal a.db") << plenty;
        QTest::newRow("a folder") << QByteArray("folder") << plenty;
        QTest::newRow("the same sibling twice") << QByteArray("--hard-dereference a.db a.db-wal a.db-wal") << plenty;
        QTest::newRow("more than it said") << QByteArray("a.db") << qulonglong(100);
    }
    void whatIsNoSetIsRefused()
    {
        QFETCH(QByteArray, members);
        QFETCH(qulonglong, most);
        const Path place = folder();
        test::makeDatabase(place / "a.db");
        test::writeFile(place / "a.db-wal", "wal");
        test::writeFile(place / "other", "other");
        test::writeFile(place.parent_path() / "sneaky", "sneaky");
        std::filesystem::create_symlink("/etc/passwd", place / "link-wal");
        std::filesystem::create_directory(place / "folder");
        const Path tar = tarOf(place, members.toStdString());
        QVERIFY(!tar.empty());
        const Path out = folder();
        const Result<void> unpacked = unpackRawSet(tar, most, out / "set", {});
        QVERIFY(!unpacked);
        for (const auto &entry : std::filesystem::directory_iterator(out))
            QVERIFY(entry.path().filename().native().starts_with("set"));
    }

    void noTarFileIsSaidToBeOne()
    {
        const Path file = folder() / "set.tar";
        test::writeFile(file, std::string(5000, 'x'));
        const Result<void> unpacked = unpackRawSet(file, 1 << 20, folder() / "set", {});
        QVERIFY(!unpacked);
        QCOMPARE(unpacked.error().code, ErrorCode::Damaged);
    }
};

QTEST_GUILESS_MAIN(TestRawSet)
#include "tst_rawset.moc"
