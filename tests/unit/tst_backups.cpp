// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/backups.h"
#include "operations/keeprules.h"
#include "operations/operation.h"

#include "platform/filereader.h"
#include "support/dbbuilder.h"
#include "support/temptree.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <sys/xattr.h>
#include <thread>

using namespace lk;
using namespace lk::operations;

static Report run(const char *id, const Path &path, const Arguments &arguments, int waitMs = 0)
{
    JobContext context{{}, Progress::none(), std::chrono::milliseconds(waitMs)};
    return act(*find(id), {.path = path, .seen = {}}, arguments, context);
}

static std::string textOf(const Report &report, std::string_view id)
{
    const FieldValue *value = report.field(id);
    const auto *text = value ? std::get_if<std::string>(value) : nullptr;
    return text ? *text : std::string("(no such text)");
}

static std::vector<std::string> listOf(const Report &report, std::string_view id)
{
    const FieldValue *value = report.field(id);
    const auto *list = value ? std::get_if<std::vector<std::string>>(value) : nullptr;
    return list ? *list : std::vector<std::string>{"(no such list)"};
}

/// A backup that is only told of.
static BackupInfo told(const char *made, const char *name = "b", bool complete = true)
{
    BackupInfo info;
    info.backup = name;
    info.made = made;
    info.complete = complete;
    return info;
}

class TestBackups : public QObject
{
    Q_OBJECT

    test::TempTree m_tree;
    int m_count = 0;

    Path folder() { return m_tree.folder("f" + std::to_string(++m_count)); }
    Path database(const test::DatabaseSpec &spec = {.rows = 500})
    {
        const Path path = folder() / "a.sqlite";
        test::makeDatabase(path, spec);
        return path;
    }
    static Path backUp(const Path &path, const Path &folder, bool packed = false)
    {
        return textOf(run("backup", path, {{"to", folder.native()}, {"zstd", packed}}), "backup");
    }
    /// Changes fields of a sidecar.
    static void edit(const Path &backup, const std::function<void(QJsonObject &)> &change)
    {
        const Path path = sidecarOf(backup);
        QJsonObject object = QJsonDocument::fromJson(QByteArray::fromStdString(test::readFile(path))).object();
        change(object);
        test::writeFile(path, QJsonDocument(object).toJson().toStdString());
    }
    static void age(const Path &backup, const char *made)
    {
        edit(backup, [&](QJsonObject &object) { object[QStringLiteral("made")] = QLatin1String(made); });
    }

private Q_SLOTS:
    // ---- what a sidecar says
    void aBackupIsFoundByItsSidecarAndVerified_data() { bothFormats(); }
    void aBackupIsFoundByItsSidecarAndVerified()
    {
        QFETCH(bool, packed);
        const Path path = database({.rows = 500, .userVersion = 7, .applicationId = 77});
        const Path target = folder();
        const Report made = run("backup", path, {{"to", target.native()}, {"zstd", packed}});
        QVERIFY2(made.status == Status::Done, made.error ? made.error->detail.c_str() : "");
        QCOMPARE(std::distance(std::filesystem::directory_iterator(target), {}), 2);

        const auto found = backupsIn(target, path);
        QVERIFY(found);
        QCOMPARE(found->size(), 1u);
        const BackupInfo &info = found->front();
        QCOMPARE(info.backup.native(), textOf(made, "backup"));
        QCOMPARE(info.backup.native().ends_with(".sqlite.zst"), packed);
        QCOMPARE(info.format, packed ? BackupFormat::Zstd : BackupFormat::Plain);
        QCOMPARE(info.source.native(), path.native());
        QCOMPARE(info.sha256, textOf(made, "sha256"));
        QCOMPARE(info.bytes, std::filesystem::file_size(path));
        QCOMPARE(info.storedBytes, std::filesystem::file_size(info.backup));
        QCOMPARE(info.pageSize, 4096u);
        QCOMPARE(info.applicationId, 77u);
        QCOMPARE(info.userVersion, 7u);
        QCOMPARE(info.tables, std::vector<std::string>{"t"});
        QVERIFY(info.complete && isThere(info));
        QVERIFY(packed == (info.sha256 != info.storedSha256));

        const test::TreeSnapshot before(target);
        const Report verified = run("verify", info.backup, {});
        QCOMPARE(textOf(verified, "verdict"), std::string("ok"));
        QVERIFY(!verified.error && !verified.damageFound);
        QCOMPARE(before.difference(test::TreeSnapshot(target)), std::string());
    }

    void aSidecarOfTheFirstVersionsIsUnderstood()
    {
        const Path target = folder();
        const Path backup = backUp(database(), target);
        edit(backup, [](QJsonObject &object) {
            for (const char *key : {"format", "stored_bytes", "stored_sha256", "page_size", "tables", "complete"})
                object.remove(QLatin1String(key));
        });
        QVERIFY(isThere(backupsIn(target)->at(0)));
        QCOMPARE(textOf(run("verify", backup, {}), "verdict"), std::string("ok"));
    }

    void whatIsNoSidecarMakesNoBackup_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("none") << QByteArray();
        QTest::newRow("not JSON") << QByteArray("hello");
        QTest::newRow("a list") << QByteArray("[]");
        QTest::newRow("of something else") << QByteArray("{\"name\": \"package\"}");
        QTest::newRow("a hash that is none")
            << QByteArray("{\"source\": \"/a\", \"made\": \"2026-01-01T00:00:00Z\", \"sha256\": \"abc\"}");
        QTest::newRow("no time") << QByteArray("{\"source\": \"/a\", \"made\": \"yesterday\", \"sha256\": \"")
                                        .append(QByteArray(64, 'a'))
                                        .append("\"}");
        QTest::newRow("a source without its folder")
            << QByteArray("{\"source\": \"a\", \"made\": \"2026-01-01T00:00:00Z\", \"sha256\": \"")
                   .append(QByteArray(64, 'a'))
                   .append("\"}");
        QTest::newRow("far too long") << QByteArray("{\"a\": \"").append(QByteArray(1 << 20, 'x')).append("\"}");
        QTest::newRow("far too deep") << QByteArray(100'000, '[');
    }
    void whatIsNoSidecarMakesNoBackup()
    {
        QFETCH(QByteArray, json);
        const Path target = folder();
        const Path file = target / "b.sqlite";
        test::makeDatabase(file);
        if (!json.isEmpty())
            test::writeFile(sidecarOf(file), json.toStdString());
        QVERIFY(backupsIn(target)->empty());
        const Report report = run("verify", file, {});
        QCOMPARE(report.status, Status::Skipped);
        QCOMPARE(report.error->reason, Reason::NotABackup);
    }

    void aSourceWithOddBytesComesBackExactly()
    {
        const Path path = folder() / "odd \xff\n\"name.sqlite";
        test::makeDatabase(path);
        const Path target = folder();
        backUp(path, target);
        QCOMPARE(backupsIn(target, path)->size(), 1u);
        QCOMPARE(backupsIn(target)->at(0).source.native(), path.native());
    }

    void theNewestComesFirst()
    {
        const Path path = database();
        const Path target = folder();
        std::vector<Path> made;
        for (int i = 0; i < 11; ++i) { // of one moment: the counter tells, also above nine
            made.push_back(backUp(path, target));
            edit(made.back(), [&](QJsonObject &object) {
                object[QStringLiteral("made")] = QStringLiteral("2026-05-05T05:05:05Z");
                object[QStringLiteral("made_millisecond")] = 5;
            });
            const Path name = target / ("a-20260505T050505Z" + (i > 0 ? '-' + std::to_string(i + 1) : "") + ".sqlite");
            std::filesystem::rename(made.back(), name);
            std::filesystem::rename(sidecarOf(made.back()), sidecarOf(name));
            made.back() = name;
        }
        edit(made.front(), [](QJsonObject &object) { object[QStringLiteral("made_millisecond")] = 6; });
        const auto found = backupsIn(target, path);
        QCOMPARE(found->at(0).backup, made[0]);
        QCOMPARE(found->at(1).backup, made[10]);
        QCOMPARE(found->at(2).backup, made[9]);
        QCOMPARE(found->at(10).backup, made[1]);
    }

    // ---- damage
    void aBackupThatWasChangedIsFoundOut_data()
    {
        QTest::addColumn<bool>("packed");
        QTest::addColumn<QByteArray>("how");
        for (const bool packed : {false, true}) {
            for (const char *how : {"flipped", "cut", "appended"})
                QTest::addRow("%s, %s", packed ? "packed" : "plain", how) << packed << QByteArray(how);
        }
    }
    void aBackupThatWasChangedIsFoundOut()
    {
        QFETCH(bool, packed);
        QFETCH(QByteArray, how);
        const Path backup = backUp(database(), folder(), packed);
        std::string bytes = test::readFile(backup);
        if (how == "flipped")
            bytes[bytes.size() / 2] = static_cast<char>(~bytes[bytes.size() / 2]);
        else if (how == "cut")
            bytes.resize(bytes.size() - 100);
        else
            bytes += "more";
        test::writeFile(backup, bytes);
        const Report report = run("verify", backup, {});
        QVERIFY(report.damageFound);
        QCOMPARE(textOf(report, "verdict"), std::string("damaged"));
        QVERIFY(report.error->reason == Reason::BackupChanged || report.error->reason == Reason::BackupDamaged);
    }

    void aSidecarOfAnotherBackupIsFoundOut_data() { bothFormats(); }
    void aSidecarOfAnotherBackupIsFoundOut()
    {
        QFETCH(bool, packed);
        const Path target = folder();
        const Path one = backUp(database(), target, packed);
        const Path two = backUp(database({.rows = 501}), target, packed);
        test::writeFile(sidecarOf(one), test::readFile(sidecarOf(two)));
        const Report report = run("verify", one, {});
        QVERIFY(report.damageFound);
    }

    // ---- as it was
    void aBackupIsAsPrivateAsItsSource_data() { bothFormats(); }
    void aBackupIsAsPrivateAsItsSource()
    {
        QFETCH(bool, packed);
        const Path path = database();
        std::filesystem::permissions(path, std::filesystem::perms(0640));
        const bool hasAttributes = ::setxattr(path.c_str(), "user.litekeeper", "value", 5, 0) == 0;
        const Path backup = backUp(path, folder(), packed);
        QCOMPARE(platform::status(backup)->mode & 0777, 0640u);
        QCOMPARE(platform::status(sidecarOf(backup))->mode & 0777, 0640u);
        if (!hasAttributes)
            QSKIP("NOT TESTED: no extended attributes on this file system");
        std::array<char, 16> value{};
        QCOMPARE(::getxattr(backup.c_str(), "user.litekeeper", value.data(), value.size()), 5);
    }

    // ---- where it goes
    void aFolderThatComesLaterIsWaitedFor()
    {
        const Path path = database();
        const Path target = m_tree.path() / "mounted later";
        std::jthread mounter([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(150));
            std::filesystem::create_directory(target);
        });
        const Report report = run("backup", path, {{"to", target.native()}}, 20'000);
        QCOMPARE(report.status, Status::Done);
    }

    void aFolderThatDoesNotComeIsToldOf()
    {
        const Report report = run("backup", database(), {{"to", (m_tree.path() / "never").native()}}, 250);
        QCOMPARE(report.status, Status::Skipped);
        QCOMPARE(report.error->reason, Reason::TargetFolderMissing);
    }

    // ---- what stays
    void rulesKeepWhatTheySay_data()
    {
        QTest::addColumn<QByteArray>("rules"); // last, hourly, daily, weekly, monthly
        QTest::addColumn<QByteArray>("stay");  // numbers of the backups below, the newest is 0
        QTest::newRow("none: all stay") << QByteArray("0 0 0 0 0") << QByteArray("0 1 2 3 4 5 6 7");
        QTest::newRow("the last two") << QByteArray("2 0 0 0 0") << QByteArray("0 1");
        QTest::newRow("more than there are") << QByteArray("99 0 0 0 0") << QByteArray("0 1 2 3 4 5 6 7");
        QTest::newRow("two hours: the newest of each") << QByteArray("0 2 0 0 0") << QByteArray("0 2");
        QTest::newRow("three days") << QByteArray("0 0 3 0 0") << QByteArray("0 4 5");
        QTest::newRow("weeks begin on Monday") << QByteArray("0 0 0 3 0") << QByteArray("0 5 6");
        QTest::newRow("two months") << QByteArray("0 0 0 0 2") << QByteArray("0 7");
        QTest::newRow("what one keeps, stays") << QByteArray("2 0 0 0 2") << QByteArray("0 1 7");
    }
    void rulesKeepWhatTheySay()
    {
        QFETCH(QByteArray, rules);
        QFETCH(QByteArray, stay);
        const std::vector<BackupInfo> backups{
            told("2026-11-18T12:50:00Z", "0"), // a Wednesday
            told("2026-11-18T12:10:00Z", "1"), told("2026-11-18T11:59:59Z", "2"), told("2026-11-18T11:00:00Z", "3"),
            told("2026-11-17T23:00:00Z", "4"), told("2026-11-15T23:59:59Z", "5"), // a Sunday
            told("2026-11-08T12:00:00Z", "6"), told("2026-10-31T12:00:00Z", "7"),
        };
        const QList<QByteArray> numbers = rules.split(' ');
        const KeepRules wanted{numbers[0].toUInt(), numbers[1].toUInt(), numbers[2].toUInt(), numbers[3].toUInt(),
                               numbers[4].toUInt()};
        QByteArrayList left{"0", "1", "2", "3", "4", "5", "6", "7"};
        for (const BackupInfo &info : superseded(backups, wanted))
            left.removeOne(QByteArray::fromStdString(info.backup.native()));
        QCOMPARE(left.join(' '), stay);
    }

    void theLastGoodOneStays()
    {
        const std::vector<BackupInfo> backups{told("2026-11-18T12:00:00Z", "0", false),
                                              told("2026-11-17T12:00:00Z", "1", false),
                                              told("2026-11-16T12:00:00Z", "2"), told("2026-11-15T12:00:00Z", "3")};
        const auto go = superseded(backups, {.last = 1});
        QCOMPARE(go.size(), 2u);
        QCOMPARE(go[0].backup.native(), std::string("1"));
        QCOMPARE(go[1].backup.native(), std::string("3"));
    }

    void oldBackupsGoOnceTheNewOneIsThere()
    {
        const Path path = database();
        const Path target = folder();
        std::vector<Path> old;
        for (int day = 1; day <= 4; ++day) {
            old.push_back(backUp(path, target, day % 2 == 0));
            age(old.back(), ("2026-01-0" + std::to_string(day) + "T00:00:00Z").c_str());
        }
        const Path others = backUp(database({.rows = 3}), target);
        age(others, "2025-01-01T00:00:00Z");
        const Path changed = old[1]; // no longer as it was made
        test::writeFile(changed, test::readFile(changed) + "x");
        const Path stranger = target / "a-20200101T000000Z.sqlite";
        test::makeDatabase(stranger);

        JobContext context{{}, Progress::none()};
        const Arguments arguments{{"to", target.native()}, {"keep", std::string("2")}};
        const test::TreeSnapshot before(target);
        const Report preview = find("backup")->rehearse({.path = path, .seen = {}}, arguments, context);
        QCOMPARE(before.difference(test::TreeSnapshot(target)), std::string());
        const Report done = run("backup", path, arguments);
        QCOMPARE(done.status, Status::Done);
        const std::vector<std::string> gone{old[2].native(), old[0].native()};
        QCOMPARE(listOf(done, "removed"), gone);
        QCOMPARE(listOf(preview, "removed"), gone);
        for (const Path &each : {old[0], old[2]})
            QVERIFY(!std::filesystem::exists(each) && !std::filesystem::exists(sidecarOf(each)));
        for (const Path &each : {old[1], old[3], others, stranger, Path(textOf(done, "backup"))})
            QVERIFY2(std::filesystem::exists(each), each.c_str());
    }

    void aBackupThatFailsRemovesNothing()
    {
        const Path path = database();
        const Path target = folder();
        const Path old = backUp(path, target);
        test::patch(path, 4096 * 3, {0xff, 0xff, 0xff, 0xff});
        const Report report = run("backup", path, {{"to", target.native()}, {"keep", std::string("1")}});
        QCOMPARE(report.status, Status::Failed);
        QVERIFY(isThere(*readSidecar(old)));
        QCOMPARE(std::distance(std::filesystem::directory_iterator(target), {}), 2);
    }

private:
    void bothFormats()
    {
        QTest::addColumn<bool>("packed");
        QTest::newRow("plain") << false;
        QTest::newRow("packed") << true;
    }
};

QTEST_GUILESS_MAIN(TestBackups)
#include "tst_backups.moc"
