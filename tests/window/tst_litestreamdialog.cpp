// SPDX-License-Identifier: GPL-3.0-or-later
// How Litestream's replicas follow, in the window: with the real one, and an outage.
#include "models/lagmodel.h"
#include "models/litestreammodel.h"
#include "support/litestream.h"
#include "window/litestreamdialog.h"
#include "windowfixture.h"
#include "words/replication.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>

using namespace lk;
using namespace lk::test;
using namespace lk::window;
using litestream::ReplicaStatus;
using litestream::State;
using models::LagModel;
using models::LitestreamModel;
using namespace std::chrono_literals;

class TestLitestreamDialog : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;

    Path folder() const { return Path(m_folder->path().toStdString()); }
    Path program(const char *name, const std::string &script) const
    {
        const Path path = folder() / "bin" / name;
        std::filesystem::create_directories(path.parent_path());
        writeFile(path, "#!/bin/sh\n" + script);
        std::filesystem::permissions(path, std::filesystem::perms::owner_all);
        return path;
    }
    /// Of \a database, into an S3 server on \a port.
    Path configFor(const Path &database, int port) const
    {
        const Path config = folder() / "litestream.yml";
        writeFile(config,
                  "addr: \"127.0.0.1:" + std::to_string(freePort()) + "\"\ndbs:\n - path: " + database.native() +
                      "\n   replicas:\n    - {type: s3, bucket: b, path: a, region: us-east-1, access-key-id: " +
                      S3Server::AccessKey + ", secret-access-key: " + S3Server::SecretKey +
                      ", endpoint: \"http://127.0.0.1:" + std::to_string(port) + "\"}\n");
        qputenv("LITESTREAM_CONFIG", QByteArray::fromStdString(config.native()));
        return config;
    }
    static LitestreamDialog *open(WindowFixture &in)
    {
        in.action("litestreamAction")->trigger();
        return in.dialog<LitestreamDialog>();
    }
    template <class T>
    static T *part(LitestreamDialog *dialog, const char *name)
    {
        return dialog->findChild<T *>(QLatin1String(name));
    }
    static LitestreamModel::Line lineOf(State state)
    {
        litestream::Status status{.state = state};
        return {.config = "/etc/litestream.yml",
                .replica = {.database = "/srv/shop\x1b.db", .replica = "s3", .type = "s3", .status = status}};
    }

private Q_SLOTS:
    void init()
    {
        failOnAnyWarning();
        m_folder = std::make_unique<QTemporaryDir>();
        const QByteArray path = QByteArray::fromStdString(folder().native());
        qputenv("PATH", path + "/bin:/usr/bin:/bin");
        qputenv("XDG_CONFIG_HOME", path + "/config");
        qputenv("XDG_RUNTIME_DIR", path);
        qputenv("LITESTREAM_CONFIG", path + "/none.yml");
        litestreamProgram();
    }

    void aReplicaIsARow()
    {
        LitestreamModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        LitestreamModel::Line line = lineOf(State::Stalled);
        model.setLines({line});
        const auto text = [&](int column) { return model.index(0, column).data().toString(); };
        QCOMPARE(text(LitestreamModel::StateColumn), QStringLiteral("Stalled"));
        QCOMPARE(text(LitestreamModel::DatabaseColumn), QStringLiteral("shop\\x1b.db"));
        QCOMPARE(text(LitestreamModel::ReplicaColumn), QStringLiteral("s3"));
        for (const int column : {LitestreamModel::LagColumn, LitestreamModel::LastSyncColumn,
                                 LitestreamModel::SnapshotColumn, LitestreamModel::SizeColumn})
            QCOMPARE(text(column), QStringLiteral("–"));
        line.replica.replica = "far";
        line.replica.status = {
            .state = State::CatchingUp, .lagBytes = 4096, .lag = 61s, .snapshotAge = 3h, .bytes = 2048};
        model.setLines({line});
        QCOMPARE(text(LitestreamModel::ReplicaColumn), QStringLiteral("far (s3)"));
        QVERIFY(text(LitestreamModel::LagColumn).startsWith(QStringLiteral("61 s, 4")));
        QCOMPARE(text(LitestreamModel::SnapshotColumn), QStringLiteral("3 h"));
        line.replica.status.lag = 0ms;
        model.setLines({line});
        QCOMPARE(text(LitestreamModel::LagColumn), QStringLiteral("none"));
        for (int column = 0; column < LitestreamModel::ColumnNumbers; ++column) {
            QVERIFY(!model.headerData(column, Qt::Horizontal).toString().isEmpty());
            QVERIFY(!model.index(0, column).data(Qt::ToolTipRole).toString().isEmpty());
        }
    }

    void everyStateHasAWordAndAnIcon()
    {
        LitestreamModel model;
        QSet<QString> words;
        for (int state = 0; state <= static_cast<int>(State::Unknown); ++state) {
            model.setLines({lineOf(static_cast<State>(state))});
            words += model.index(0, 0).data().toString();
            const QString icon = model.index(0, 0).data(LitestreamModel::IconNameRole).toString();
            QVERIFY2(QFile::exists(QStringLiteral(":/icons/%1.svg").arg(icon)), qPrintable(icon));
        }
        QCOMPARE(words.size(), 7);
    }

    void rowsStayWhereTheReplicasDo()
    {
        LitestreamModel model;
        model.setLines({lineOf(State::Healthy)});
        const QPersistentModelIndex row = model.index(0, 0);
        model.setLines({lineOf(State::Stalled)});
        QVERIFY(row.isValid());
        model.setLines({lineOf(State::Stalled), lineOf(State::Stalled)});
        QVERIFY(!row.isValid());
    }

    void lagIsATable()
    {
        LagModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setPoints({{.at = litestream::Instant(1000s), .lag = 1500ms, .bytes = 4096}, {}});
        QCOMPARE(model.index(0, LagModel::SecondsColumn).data(Qt::EditRole).toDouble(), 1.5);
        QCOMPARE(model.index(0, LagModel::BytesColumn).data(Qt::EditRole).toInt(), 4096);
        QVERIFY(!model.index(1, LagModel::SecondsColumn).data(Qt::EditRole).isValid());
        QCOMPARE(model.index(1, LagModel::BytesColumn).data().toString(), QStringLiteral("–"));
    }

    void withoutAConfigurationItSaysWhereItLooks()
    {
        WindowFixture in;
        auto *dialog = open(in);
        QVERIFY(dialog);
        QVERIFY(part<QLabel>(dialog, "problem")->text().contains(QStringLiteral("none.yml")));
        QVERIFY(!part<QPushButton>(dialog, "startButton")->isEnabled());
        QVERIFY(!part<QPushButton>(dialog, "installButton")->isEnabled());
        dialog->close();
    }

    void withoutLitestreamItSaysWhatThatIs()
    {
        configFor(folder() / "shop.db", 1);
        qputenv("PATH", QByteArray::fromStdString(folder().native()));
        WindowFixture in;
        auto *dialog = open(in);
        QTRY_COMPARE(part<QLabel>(dialog, "problem")->text(), words::aboutLitestream());
        QVERIFY(!part<QPushButton>(dialog, "startButton")->isEnabled());
        dialog->close();
    }

    void aBrokenConfigurationSaysWhere()
    {
        const Path config = folder() / "litestream.yml";
        writeFile(config, "dbs: [\n");
        qputenv("LITESTREAM_CONFIG", QByteArray::fromStdString(config.native()));
        WindowFixture in;
        auto *dialog = open(in);
        QTRY_VERIFY(part<QLabel>(dialog, "problem")->text().contains(QStringLiteral("line ")));
        dialog->close();
    }

    void anOutageIsSeenAndToldOf()
    {
        if (!litestreamProgram())
            QSKIP(qPrintable(withoutLitestream()));
        const Path sign = folder() / "sign";
        program("notify-send", "echo \"$@\" >> '" + sign.native() + "'\n");
        WindowFixture in;
        const Path database = in.make("shop.db", {.journalMode = "wal"});
        const int port = freePort();
        auto server = S3Server::start(folder() / "s3", port, "b");
        QVERIFY(server);
        configFor(database, port);
        auto *dialog = open(in);
        auto *model = part<QTableView>(dialog, "table")->model();
        const auto state = [&] { return model->index(0, LitestreamModel::StateColumn).data().toString(); };
        QTRY_COMPARE_WITH_TIMEOUT(state(), QStringLiteral("Not running"), PatienceMs);
        QVERIFY(part<QLabel>(dialog, "advice")->text().contains(QStringLiteral("nothing is copied")));
        auto *start = part<QPushButton>(dialog, "startButton");
        auto *stop = part<QPushButton>(dialog, "stopButton");
        QVERIFY(!stop->isEnabled());
        QTest::mouseClick(start, Qt::LeftButton);
        QVERIFY(stop->isEnabled());
        QTRY_COMPARE_WITH_TIMEOUT(state(), QStringLiteral("Never tested"), PatienceMs);

        server.reset();
        runSql(database, "INSERT INTO t(k, v) VALUES ('more', 'x')");
        QTRY_COMPARE_WITH_TIMEOUT(state(), QStringLiteral("Failing"), 15'000);
        QTRY_VERIFY(part<QLabel>(dialog, "advice")->text().contains(QStringLiteral("does not answer")));
        QTRY_VERIFY(std::filesystem::exists(sign) && readFile(sign).find("shop.db") != std::string::npos);
        QVERIFY(part<QTableView>(dialog, "lagTable")->model()->rowCount() > 1);

        QTest::mouseClick(stop, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(start->isEnabled(), PatienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(state(), QStringLiteral("Not running"), PatienceMs);
        const std::string told = readFile(sign);
        QCOMPARE(std::count(told.begin(), told.end(), '\n'), 1); // once for the one outage
        dialog->close();
    }

    void theUnitIsSeenBeforeItIsWritten()
    {
        program("litestream", "echo v0.3.13\n");
        program("systemctl", "");
        configFor(folder() / "shop.db", 1);
        WindowFixture in;
        auto *dialog = open(in);
        auto *unit = part<QPlainTextEdit>(dialog, "unit");
        auto *install = part<QPushButton>(dialog, "installButton");
        QTRY_VERIFY(unit->toPlainText().contains(QStringLiteral("ExecStart=")));
        const QString shown = unit->toPlainText();
        QVERIFY(!std::filesystem::exists(folder() / "config"));
        dialog->findChild<QTabWidget *>()->setCurrentIndex(2);
        QTest::mouseClick(install, Qt::LeftButton);
        QTRY_VERIFY(install->isEnabled());
        auto *path = part<QLabel>(dialog, "servicePath");
        QTRY_VERIFY2(path->text().startsWith(QStringLiteral("Done")), qPrintable(path->text()));
        const std::filesystem::directory_iterator first(folder() / "config/systemd/user");
        QCOMPARE(QString::fromStdString(readFile(first->path())), shown);
        QTest::mouseClick(part<QPushButton>(dialog, "removeButton"), Qt::LeftButton);
        QTRY_VERIFY(std::filesystem::is_empty(folder() / "config/systemd/user"));
        dialog->close();
    }

    void whatWasOpenedIsKnownNextTime()
    {
        const Path other = folder() / "other.yml";
        writeFile(other, "dbs: []\n");
        WindowFixture in;
        in.settings.addLitestreamConfig(other);
        in.settings.addLitestreamConfig(other);
        QCOMPARE(in.settings.litestreamConfigs().size(), std::size_t(1));
        auto *dialog = open(in);
        auto *box = part<QComboBox>(dialog, "configBox");
        QTRY_COMPARE(box->count(), 1);
        QVERIFY(box->itemText(0).endsWith(QStringLiteral("other.yml")));
        dialog->close();
    }
};

int main(int argc, char **argv)
{
    return runWindowTest<TestLitestreamDialog>(argc, argv);
}
#include "tst_litestreamdialog.moc"
