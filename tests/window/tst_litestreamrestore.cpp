// SPDX-License-Identifier: GPL-3.0-or-later
// What Litestream has of a database: its moments, and going back to one. With the real Litestream.
#include "models/pointmodel.h"
#include "operations/operation.h"
#include "support/litestream.h"
#include "window/litestreamrestoredialog.h"
#include "window/operationdialog.h"
#include "windowfixture.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QDateTimeEdit>
#include <QLabel>
#include <QPushButton>

using namespace lk;
using namespace lk::test;
using litestream::Moment;
using models::PointModel;
using window::LitestreamRestoreDialog;
using window::OperationDialog;

class TestLitestreamRestore : public QObject
{
    Q_OBJECT

    static Moment at(int seconds) { return Moment(std::chrono::seconds(1'795'000'000 + seconds)); }

    /// Replicates \a database, in a folder beside the tree; LITESTREAM_CONFIG says so.
    static void replicate(const WindowFixture &in, const Path &database)
    {
        const Path config = in.folder() / "litestream.yml";
        writeFile(config, "dbs:\n - path: " + database.native() +
                              "\n   replicas:\n    - {type: file, path: " + (in.folder() / "copy").native() + "}\n");
        qputenv("LITESTREAM_CONFIG", config.c_str());
        Replication replication(config);
        QVERIFY2(replication.hasSaid("wal segment written"), replication.log().c_str());
    }

    static LitestreamRestoreDialog *openDialog(const WindowFixture &in)
    {
        const int row = static_cast<int>(in.shownNames().indexOf(QStringLiteral("a.db")));
        in.selectRows(row, row);
        for (QAction *action : in.window->findChildren<QAction *>()) {
            if (action->text() == QStringLiteral("Backups"))
                action->trigger();
        }
        auto *button = in.child<QPushButton>("backups.litestream");
        for (int waited = 0; !button->isEnabled() && waited < PatienceMs; waited += 20)
            QTest::qWait(20);
        QTest::mouseClick(button, Qt::LeftButton);
        return in.dialog<LitestreamRestoreDialog>();
    }

private Q_SLOTS:
    void init()
    {
        failOnAnyWarning();
        qunsetenv("LITESTREAM_CONFIG");
    }

    void theModelIsOne()
    {
        PointModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setPoints({{.moment = at(30), .replica = "s3", .generation = "b", .isLast = true},
                         {.moment = at(20), .replica = "s3", .generation = "a", .isLast = true},
                         {.moment = at(10), .replica = "s3", .generation = "a", .isSnapshot = true},
                         {.moment = at(5), .replica = "s3", .generation = "a"}});
        QSet<QString> kinds;
        for (int row = 0; row < model.rowCount(); ++row)
            kinds.insert(model.index(row, PointModel::KindColumn).data().toString());
        QCOMPARE(kinds.size(), qsizetype(4));
        QCOMPARE(model.rowAt(at(25)), 1);
        QCOMPARE(model.rowAt(at(10)), 2);
        QCOMPARE(model.rowAt(at(4)), -1);
        for (int column = 0; column < model.columnCount(); ++column)
            QVERIFY(!model.headerData(column, Qt::Horizontal).toString().isEmpty());
    }

    void whatIsNotReplicatedIsSaid()
    {
        WindowFixture in;
        in.make("a.db");
        const Path config = in.folder() / "litestream.yml";
        writeFile(config, "dbs: []\n");
        qputenv("LITESTREAM_CONFIG", config.c_str());
        in.scan();
        LitestreamRestoreDialog *dialog = openDialog(in);
        QVERIFY(dialog);
        auto *text = dialog->findChild<QLabel *>(QStringLiteral("text"));
        QTRY_VERIFY_WITH_TIMEOUT(text->text().contains(QStringLiteral("is not in Litestream's configuration")),
                                 PatienceMs);
        QVERIFY(!dialog->findChild<QPushButton *>(QStringLiteral("restoreButton"))->isEnabled());
    }

    void itGoesBackToAMoment()
    {
        if (!litestreamProgram())
            QSKIP(qPrintable(withoutLitestream()));
        WindowFixture in;
        qputenv("XDG_RUNTIME_DIR", in.folder().c_str());
        const Path path = in.make("a.db", {.journalMode = "wal", .rows = 30});
        replicate(in, path);
        runSql(path, "DELETE FROM t WHERE id > 10");
        in.scan();
        LitestreamRestoreDialog *dialog = openDialog(in);
        QVERIFY(dialog);
        auto *table = dialog->findChild<QTableView *>(QStringLiteral("table"));
        QTRY_VERIFY_WITH_TIMEOUT(table->model()->rowCount() > 0, PatienceMs);

        // A time before all copies leads nowhere, and says so; a later one to the newest.
        auto *moment = dialog->findChild<QDateTimeEdit *>(QStringLiteral("moment"));
        auto *restore = dialog->findChild<QPushButton *>(QStringLiteral("restoreButton"));
        const QDateTime newest = moment->dateTime();
        moment->setDateTime(newest.addYears(-1));
        QVERIFY(!restore->isEnabled());
        QVERIFY(!dialog->findChild<QLabel *>(QStringLiteral("text"))->text().isEmpty());
        moment->setDateTime(newest.addSecs(60));
        QVERIFY(restore->isEnabled());

        QTest::mouseClick(restore, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(in.dialog<OperationDialog>(), PatienceMs);
        auto *review = in.dialog<OperationDialog>();
        // What Litestream replicates is replaced only where it is stopped meanwhile.
        auto *pause = review->findChild<QCheckBox *>(QStringLiteral("flag.pause-litestream"));
        QVERIFY(!pause->isChecked());
        QTRY_VERIFY_WITH_TIMEOUT(pause->isVisible(), PatienceMs);
        QTest::mouseClick(pause, Qt::LeftButton, {}, QPoint(8, pause->height() / 2));
        QVERIFY(pause->isChecked());
        auto *go = review->findChild<QPushButton *>(QStringLiteral("goButton"));
        QTRY_VERIFY_WITH_TIMEOUT(go->isEnabled(), PatienceMs);
        QTest::mouseClick(go, Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(queryCopy(path, "SELECT count(*) FROM t"), std::string("30"), PatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(!in.dialog<OperationDialog>(), PatienceMs);
    }
};

int main(int argc, char **argv)
{
    return runWindowTest<TestLitestreamRestore>(argc, argv);
}

#include "tst_litestreamrestore.moc"
