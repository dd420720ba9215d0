// SPDX-License-Identifier: GPL-3.0-or-later
// Real files that other programs wrote, against the facts that come with them.
#include "cli/program.h"
#include "support/dbbuilder.h"
#include "support/shared.h"
#include "support/temptree.h"

#include <QJsonDocument>
#include <QRegularExpression>
#include <QTest>

using namespace lk;
using namespace lk::test;

class CliCorpusTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        LK_NEEDS_SHARED(corpus, "corpus/real");
        copyFolder(corpus, m_copy);
        const std::string manifest = readFile(corpus / "MANIFEST.json");
        m_entries = QJsonDocument::fromJson(QByteArray::fromStdString(manifest))
                        .object()
                        .value(QLatin1String("entries"))
                        .toArray();
        QVERIFY(m_entries.size() > 30);
    }

    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void theStoredHeaderIsTheManifests_data() { entries("sqlite3"); }

    void theStoredHeaderIsTheManifests()
    {
        QFETCH(QJsonObject, entry);
        const QJsonObject header = entry.value(QLatin1String("header")).toObject();
        const QJsonObject record = info(entry);
        QCOMPARE(record.value(QLatin1String("size")), header.value(QLatin1String("size")));
        const QJsonObject stored = record.value(QLatin1String("stored")).toObject();
        const auto same = [&](const char *ours, const char *theirs) {
            const QJsonValue a = stored.value(QLatin1String(ours));
            const QJsonValue b = header.value(QLatin1String(theirs));
            if (b.isUndefined() || a == b)
                return true;
            qInfo() << ours << a << "instead of" << b;
            return false;
        };
        QVERIFY(same("page_size", "page_size"));
        QVERIFY(same("write_version", "write_version"));
        QVERIFY(same("read_version", "read_version"));
        QVERIFY(same("reserved_bytes", "reserved"));
        QVERIFY(same("header_pages", "header_pages"));
        QVERIFY(same("header_pages_valid", "header_pages_valid"));
        QVERIFY(same("freelist_pages", "freelist_count"));
        QVERIFY(same("schema_format", "schema_format"));
        QVERIFY(same("auto_vacuum", "auto_vacuum"));
        QVERIFY(same("user_version", "user_version"));
        QVERIFY(same("writer_version_number", "writer_version"));
        QVERIFY(same("size_mod_page", "size_mod_page"));
        if (!header.contains(QLatin1String("page_size")))
            return; // cut short before that
        const QStringList encodings = {QStringLiteral("unset"), QStringLiteral("UTF-8"), QStringLiteral("UTF-16le"),
                                       QStringLiteral("UTF-16be")};
        QCOMPARE(encodings.value(stored.value(QLatin1String("encoding")).toInt(9)),
                 header.value(QLatin1String("encoding")).toString());
        QCOMPARE(stored.value(QLatin1String("application_id")).toInteger(),
                 header.value(QLatin1String("application_id")).toString().toLongLong(nullptr, 16));
    }

    void theValuesInEffectAreWhatSqliteSays_data() { entries("sqlite3"); }

    void theValuesInEffectAreWhatSqliteSays()
    {
        QFETCH(QJsonObject, entry);
        const QJsonObject sqlite = entry.value(QLatin1String("sqlite3_cli_3_40_1")).toObject();
        const QJsonObject record = info(entry);
        if (sqlite.contains(QLatin1String("open_error"))) {
            QCOMPARE(record.value(QLatin1String("state")).toString(), QStringLiteral("damaged"));
            QVERIFY(!record.value(QLatin1String("error")).isNull());
            return;
        }
        QCOMPARE(record.value(QLatin1String("state")).toString(), QStringLiteral("database"));
        QCOMPARE(record.value(QLatin1String("error")), QJsonValue());
        QCOMPARE(record.value(QLatin1String("page_count")), sqlite.value(QLatin1String("page_count")));
        QCOMPARE(record.value(QLatin1String("freelist_pages")), sqlite.value(QLatin1String("freelist_count")));
        QCOMPARE(record.value(QLatin1String("encoding")), sqlite.value(QLatin1String("encoding")));
        QCOMPARE(record.value(QLatin1String("user_version")), sqlite.value(QLatin1String("user_version")));
        QCOMPARE(record.value(QLatin1String("application_id")), sqlite.value(QLatin1String("application_id")));
        const QStringList autoVacuum = {QStringLiteral("none"), QStringLiteral("full"), QStringLiteral("incremental")};
        QCOMPARE(record.value(QLatin1String("auto_vacuum")).toString(),
                 autoVacuum.value(sqlite.value(QLatin1String("auto_vacuum")).toInt(9)));
        const bool wal = sqlite.value(QLatin1String("journal_mode")).toString() == QLatin1String("wal");
        QCOMPARE(record.value(QLatin1String("journal_mode")).toString(),
                 wal ? QStringLiteral("wal") : QStringLiteral("rollback"));
        const QJsonObject schema = sqlite.value(QLatin1String("schema")).toObject();
        QCOMPARE(record.value(QLatin1String("tables")).toInt(-1), schema.value(QLatin1String("table")).toInt());
        QCOMPARE(record.value(QLatin1String("indexes")).toInt(-1), schema.value(QLatin1String("index")).toInt());
        QCOMPARE(record.value(QLatin1String("views")).toInt(-1), schema.value(QLatin1String("view")).toInt());
        QCOMPARE(record.value(QLatin1String("triggers")).toInt(-1), schema.value(QLatin1String("trigger")).toInt());
    }

    void siblingsAreSeen_data() { entries("sqlite3"); }

    void siblingsAreSeen()
    {
        QFETCH(QJsonObject, entry);
        std::map<QString, qint64> sizes;
        for (const QJsonValue &file : entry.value(QLatin1String("files")).toArray()) {
            const QJsonObject object = file.toObject();
            sizes[object.value(QLatin1String("name")).toString().section(u'-', -1)] =
                object.value(QLatin1String("size")).toInteger();
        }
        const QJsonObject record = info(entry);
        QCOMPARE(record.value(QLatin1String("wal_size")).toInteger(-1), sizes[QStringLiteral("wal")]);
        QCOMPARE(record.value(QLatin1String("journal_size")).toInteger(-1), sizes[QStringLiteral("journal")]);
        const QString id = entry.value(QLatin1String("id")).toString();
        QCOMPARE(record.value(QLatin1String("hot_journal")).toBool(), id.startsWith(QLatin1String("hot-journal")));
    }

    void checksAgreeWithIntegrityCheck_data() { entries("sqlite3"); }

    void checksAgreeWithIntegrityCheck()
    {
        QFETCH(QJsonObject, entry);
        const QString expected = entry.value(QLatin1String("sqlite3_cli_3_40_1"))
                                     .toObject()
                                     .value(QLatin1String("integrity_check"))
                                     .toString();
        const Ran ran = runCli({"check", "--format", "json", path(entry).native()});
        const QString verdict = ran.records().at(0).toObject().value(QLatin1String("verdict")).toString();
        if (expected == QLatin1String("ok")) {
            QCOMPARE(ran.status, 0);
            QCOMPARE(verdict, QStringLiteral("ok"));
        } else {
            QCOMPARE(ran.status, 1);
            QVERIFY2(verdict != QLatin1String("ok"), qPrintable(verdict));
        }
    }

    void othersAreCalledWhatTheyAre_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("state");
        QTest::newRow("SQLite 2") << "kexi-sqlite2"
                                  << "sqlite2";
        QTest::newRow("encrypted") << "sqlcipher4"
                                   << "encrypted?";
        QTest::newRow("a pointer to a file elsewhere") << "lfs-pointer"
                                                       << "other";
        QTest::newRow("another program's database") << "raft-bolt-db"
                                                    << "other";
    }

    void othersAreCalledWhatTheyAre()
    {
        QFETCH(QString, id);
        QFETCH(QString, state);
        for (const QJsonValue &value : m_entries) {
            const QJsonObject entry = value.toObject();
            if (entry.value(QLatin1String("id")).toString() != id)
                continue;
            const QJsonObject record = info(entry);
            QCOMPARE(record.value(QLatin1String("state")).toString(), state);
            QVERIFY(!record.value(QLatin1String("error")).isNull());
            QVERIFY(record.value(QLatin1String("page_size")).isNull());
            return;
        }
        QFAIL("not in the manifest");
    }

    void aScanFindsEachOfThem()
    {
        const QJsonArray found = runCli({"scan", "--thorough", "--format", "json", m_copy.native()}).records();
        for (const QJsonValue &value : m_entries) {
            const QJsonObject entry = value.toObject();
            const QString kind = entry.value(QLatin1String("kind")).toString();
            const bool listed = kind == QLatin1String("sqlite3") || kind == QLatin1String("encrypted?");
            QVERIFY2(recordOf(found, path(entry)).isEmpty() != listed, path(entry).c_str());
        }
    }

    void lookingLeftNoTrace()
    {
        const TreeSnapshot before(m_copy);
        std::vector<std::string> words = {"info"};
        for (const QJsonValue &entry : m_entries)
            words.push_back(path(entry.toObject()).native());
        runCli(words);
        words.front() = "check";
        runCli(words);
        runCli({"scan", "--thorough", m_copy.native()});
        QCOMPARE(before.difference(TreeSnapshot(m_copy)), std::string());
    }

private:
    void entries(const char *kind) const
    {
        QTest::addColumn<QJsonObject>("entry");
        for (const QJsonValue &value : m_entries) {
            const QJsonObject entry = value.toObject();
            if (entry.value(QLatin1String("kind")).toString() == QLatin1String(kind))
                QTest::newRow(qPrintable(entry.value(QLatin1String("id")).toString())) << entry;
        }
    }

    Path path(const QJsonObject &entry) const
    {
        const QJsonObject file = entry.value(QLatin1String("files")).toArray().at(0).toObject();
        return m_copy / entry.value(QLatin1String("id")).toString().toStdString() /
               file.value(QLatin1String("name")).toString().toStdString();
    }

    QJsonObject info(const QJsonObject &entry) const
    {
        return runCli({"info", "--format", "json", path(entry).native()}).records().at(0).toObject();
    }

    TempTree m_tree;
    Path m_copy = m_tree.path() / "real";
    QJsonArray m_entries;
};

QTEST_GUILESS_MAIN(CliCorpusTest)
#include "tst_cli_corpus.moc"
