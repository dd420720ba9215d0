// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/operation.h"

#include "support/dbbuilder.h"
#include "support/litestream.h"
#include "support/temptree.h"

#include <QTest>

#include <filesystem>

using namespace lk;
using namespace lk::operations;

namespace {

std::string text(const Report &report, std::string_view id)
{
    const FieldValue *value = report.field(id);
    const auto *found = value ? std::get_if<std::string>(value) : nullptr;
    return found ? *found : "";
}

/// A database that was replicated: two commits, each of which has arrived.
class Replicated
{
public:
    Replicated()
    {
        test::makeDatabase(m_database, {.journalMode = "wal"});
        test::writeFile(m_config, "dbs:\n - path: " + m_database.native() +
                                      "\n   replicas:\n    - {type: file, path: " + (m_tree.path() / "copy").native() +
                                      ", sync-interval: 100ms}\n");
        test::Replication replication(m_config);
        for (int segments = 1; segments <= 3; ++segments) {
            if (!replication.hasSaid("wal segment written", segments))
                throw std::runtime_error(replication.log());
            if (segments < 3)
                test::runSql(m_database, "INSERT INTO t(k) VALUES('more')");
        }
        replication.stop();
        m_bytes = test::readFile(m_database);
    }

    /// As it was when the replication had ended.
    void reset() const
    {
        for (const auto &entry : std::filesystem::directory_iterator(folder())) {
            if (entry.is_regular_file() && entry.path() != m_config)
                std::filesystem::remove(entry.path());
        }
        test::writeFile(m_database, m_bytes);
    }

    const Path &folder() const { return m_tree.path(); }
    const Path &database() const { return m_database; }

    Report act(const char *id, Arguments arguments = {}) const
    {
        arguments.try_emplace("config", m_config.native());
        JobContext context{.stop = {}, .progress = Progress::none(), .wait = std::chrono::milliseconds(0)};
        return operations::act(*find(id), {.path = m_database, .seen = {}}, arguments, context);
    }
    Report rehearse(const char *id, Arguments arguments = {}) const
    {
        arguments.try_emplace("config", m_config.native());
        JobContext context{.stop = {}, .progress = Progress::none()};
        return find(id)->rehearse({.path = m_database, .seen = {}}, arguments, context);
    }

private:
    test::TempTree m_tree;
    Path m_database = m_tree.path() / "shop.db";
    Path m_config = m_tree.path() / "litestream.yml";
    std::string m_bytes;
};

std::string rows(const Path &database)
{
    return test::queryCopy(database, "SELECT count(*) FROM t");
}

}

class TestReplicaOps : public QObject
{
    Q_OBJECT

    std::optional<Replicated> m_replicated;

private Q_SLOTS:
    void initTestCase()
    {
        if (!test::litestreamProgram())
            QSKIP(qPrintable(test::withoutLitestream()));
        m_replicated.emplace();
    }

    void init() { m_replicated->reset(); }

    void aDatabaseThatIsGoneIsBroughtBack()
    {
        const Replicated &replicated = *m_replicated;
        std::filesystem::remove(replicated.database());
        const Report report = replicated.act("litestream-restore");
        QVERIFY2(!report.error, report.error ? std::to_string(int(report.error->reason)).c_str() : "");
        QCOMPARE(rows(replicated.database()), std::string("102"));
        QCOMPARE(text(report, "replica"), std::string("file"));
        QVERIFY(!text(report, "moment").empty());
        QCOMPARE(text(report, "to"), replicated.database().native());
    }

    void aWalThatTheGoneDatabaseLeftIsNotTakenForItsOwn()
    {
        const Replicated &replicated = *m_replicated;
        std::filesystem::remove(replicated.database());
        test::makeCrashedWal(replicated.database());
        std::filesystem::remove(replicated.database());
        const Report report = replicated.act("litestream-restore");
        QCOMPARE(report.error->reason, Reason::TargetExists);
        QCOMPARE(report.error->path, test::withSuffix(replicated.database(), "-wal"));
    }

    void itGoesToAnotherFileAsWell()
    {
        const Replicated &replicated = *m_replicated;
        const Path to = replicated.folder() / "other.db";
        QCOMPARE(replicated.act("litestream-restore", {{"to", to.native()}}).status, Status::Done);
        QCOMPARE(rows(to), std::string("102"));
        const Report again = replicated.act("litestream-restore", {{"to", to.native()}});
        QCOMPARE(again.error->reason, Reason::OnlyWhenAsked);
        const Report replaced = replicated.act("litestream-restore", {{"to", to.native()}, {"replace", true}});
        // What came from Litestream has its tables.
        QCOMPARE(replaced.error->reason, Reason::ManagedByLitestream);
    }

    void whatLitestreamReplicatesIsNotReplacedUnderIt()
    {
        const Replicated &replicated = *m_replicated;
        const test::TreeSnapshot before(replicated.folder());
        QCOMPARE(replicated.act("litestream-restore").error->reason, Reason::OnlyWhenAsked);
        QCOMPARE(replicated.act("litestream-restore", {{"replace", true}}).error->reason, Reason::ManagedByLitestream);
        QCOMPARE(before.difference(test::TreeSnapshot(replicated.folder())), std::string());
    }

    void whereLitestreamIsStoppedItIsReplacedAndTakenBack()
    {
        const Replicated &replicated = *m_replicated;
        test::runSql(replicated.database(), "DELETE FROM t WHERE id > 50");
        const Report report = replicated.act("litestream-restore", {{"replace", true}, {"pause-litestream", true}});
        QVERIFY2(!report.error, report.error ? std::to_string(int(report.error->reason)).c_str() : "");
        QCOMPARE(rows(replicated.database()), std::string("102"));
        QVERIFY(report.undo);
        QCOMPARE(replicated.act(report.undo->operation.c_str(), report.undo->arguments).status, Status::Done);
        QCOMPARE(rows(replicated.database()), std::string("50"));
    }

    void aTestRestoreProvesTheReplica()
    {
        const Replicated &replicated = *m_replicated;
        const test::TreeSnapshot before(replicated.folder());
        const Report report = replicated.act("litestream-test");
        QCOMPARE(report.status, Status::Done);
        QCOMPARE(text(report, "verdict"), std::string("ok"));
        QVERIFY(std::get<std::int64_t>(*report.field("bytes")) > 0);
        QCOMPARE(before.difference(test::TreeSnapshot(replicated.folder())), std::string());
    }

    void aTestRestoreFailsWhereNothingComesBack()
    {
        const Replicated &replicated = *m_replicated;
        std::filesystem::rename(replicated.folder() / "copy", replicated.folder() / "gone");
        const Report report = replicated.act("litestream-test");
        std::filesystem::rename(replicated.folder() / "gone", replicated.folder() / "copy");
        QCOMPARE(report.status, Status::Failed);
        QCOMPARE(report.error->reason, Reason::NothingRestorable);
    }

    void aRehearsalCountsTheRowsOfThenAndNow()
    {
        const Replicated &replicated = *m_replicated;
        test::runSql(replicated.database(), "DELETE FROM t WHERE id > 50");
        const Path to = replicated.folder() / "new.db";
        const Report report = replicated.rehearse("litestream-restore", {{"to", to.native()}});
        QCOMPARE(report.status, Status::Done);
        const Counts counts = std::get<Counts>(*report.field("rows"));
        QVERIFY(std::ranges::find(counts, std::pair<std::string, std::int64_t>("t", 102)) != counts.end());
        QVERIFY(!std::filesystem::exists(to));
    }

    void whatCannotBeDoneIsSaid()
    {
        const Replicated &replicated = *m_replicated;
        const auto reason = [&](Arguments arguments) {
            return replicated.act("litestream-test", std::move(arguments)).error->reason;
        };
        QCOMPARE(reason({{"replica", "s3"}}), Reason::UnknownReplica);
        const Path other = replicated.folder() / "other.yml";
        test::writeFile(other, "dbs: [{path: /srv/other.db}]\n");
        QCOMPARE(reason({{"config", other.native()}}), Reason::NotReplicated);
        test::writeFile(other, "dbs: {}\n");
        QCOMPARE(reason({{"config", other.native()}}), Reason::NotAConfig);
        QCOMPARE(replicated.act("litestream-restore", {{"at", "yesterday"}}).error->reason, Reason::UnknownArgument);
        const Path to = replicated.folder() / "then.db";
        const Report then = replicated.act("litestream-restore", {{"at", "2020-01-01T00:00:00Z"}, {"to", to.native()}});
        QCOMPARE(then.error->reason, Reason::NothingRestorable);
    }

    void theKeysToTheStorageComeFromTheFileBesideTheConfiguration()
    {
        const Replicated &replicated = *m_replicated;
        const auto server = test::S3Server::start(replicated.folder() / "s3", test::freePort(), "bucket");
        QVERIFY(server);
        const Path config = replicated.folder() / "s3.yml";
        test::writeFile(config, "dbs:\n - path: " + replicated.database().native() +
                                    "\n   replicas:\n    - {type: s3, bucket: bucket, path: shop, region: us-east-1, "
                                    "endpoint: \"" +
                                    server->endpoint() + "\"}\n");
        const Path secrets = replicated.folder() / "litestream.env";
        test::writeFile(secrets, std::string("LITESTREAM_ACCESS_KEY_ID=") + test::S3Server::AccessKey +
                                     "\nLITESTREAM_SECRET_ACCESS_KEY=" + test::S3Server::SecretKey + "\n");
        std::filesystem::permissions(secrets, std::filesystem::perms::owner_read);
        // There is nothing yet; that this is known means that the storage let us in.
        QCOMPARE(replicated.act("litestream-test", {{"config", config.native()}}).error->reason,
                 Reason::NothingRestorable);
        std::filesystem::remove(secrets);
        QCOMPARE(replicated.act("litestream-test", {{"config", config.native()}}).error->reason, Reason::ReplicaFailed);
    }

    void withoutLitestreamItIsSaidWhatIsMissing()
    {
        const Replicated &replicated = *m_replicated;
        const QByteArray path = qgetenv("PATH");
        qputenv("PATH", "/nowhere");
        const Report report = replicated.act("litestream-test");
        qputenv("PATH", path);
        if (report.status == Status::Done)
            QSKIP("Litestream is installed for everybody here");
        QCOMPARE(report.error->reason, Reason::ProgramMissing);
    }
};

QTEST_GUILESS_MAIN(TestReplicaOps)
#include "tst_replicaops.moc"
