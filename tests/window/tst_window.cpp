// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/databasecolumns.h"
#include "support/dbbuilder.h"
#include "window/operationdialog.h"
#include "windowfixture.h"

#include <QComboBox>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QToolButton>
#include <QTreeView>

using namespace lk;
using namespace lk::test;

/// The main job as a person does it, in the real window.
class tst_Window : public QObject
{
    Q_OBJECT

private:
    /// Seconds to check: every row's CHECK makes a text almost as long as a small file's may be.
    static void makeSlowDatabase(const Path &path)
    {
        DatabaseSpec spec;
        spec.moreSql = "CREATE TABLE slow(a, CHECK (length(hex(zeroblob(a))) >= 0));"
                       "PRAGMA ignore_check_constraints = ON;"
                       "INSERT INTO slow SELECT 450000 FROM t a, t b LIMIT 10000;";
        makeDatabase(path, spec);
    }
    static QString resultOf(const WindowFixture &in, int batch)
    {
        return in.window->jobs().index(batch, models::JobModel::ResultColumn).data().toString();
    }
    static window::OperationDialog *review(const WindowFixture &in)
    {
        auto *dialog = in.dialog<window::OperationDialog>();
        return dialog;
    }
    static bool isWal(const Path &path)
    {
        const std::string bytes = readFile(path);
        return bytes.at(18) == 2 && bytes.at(19) == 2;
    }
    static QPushButton *button(QWidget *in, const char *name)
    {
        return in->findChild<QPushButton *>(QLatin1String(name));
    }

private Q_SLOTS:
    void init() { failOnAnyWarning(); }

    void theFirstStartHasOneSentenceAndThreeButtons()
    {
        WindowFixture in;
        QVERIFY(in.child<QPushButton>("homeButton")->isVisible());
        QVERIFY(in.child<QPushButton>("computerButton")->isVisible());
        QVERIFY(in.child<QPushButton>("fileButton")->isVisible());
        QVERIFY(!in.table()->isVisible());
        QVERIFY(!in.action("operation.check.plain")->isEnabled());
    }

    void threeSelectedDatabasesAreSwitchedToWal()
    {
        WindowFixture in;
        for (const char *name : {"a.db", "b.db", "c.db", "d.db"})
            in.make(name);
        in.make("deep/e.sqlite", {.journalMode = "wal"});
        in.scan();
        QCOMPARE(in.table()->model()->rowCount(), 5);
        in.child<QTableView>("table")->horizontalHeader()->setSortIndicator(0, Qt::AscendingOrder);
        in.selectRows(0, 2);
        in.action("operation.journal.wal")->trigger();

        QTRY_VERIFY(review(in));
        auto *go = button(review(in), "goButton");
        QTRY_COMPARE(go->text(), QStringLiteral("Switch to WAL: 3 databases"));
        QVERIFY(button(review(in), "cancelButton")->isDefault());
        QVERIFY(!isWal(in.tree() / "a.db")); // reviewed, not done
        QTest::mouseClick(go, Qt::LeftButton);

        QTRY_COMPARE(resultOf(in, 0), QStringLiteral("3 done"));
        for (const char *name : {"a.db", "b.db", "c.db"})
            QVERIFY(isWal(in.tree() / name));
        QVERIFY(!isWal(in.tree() / "d.db"));
        const int journal = models::columnIndex("journal_mode");
        QTRY_COMPARE(in.table()->model()->index(0, journal).data().toString(), QStringLiteral("WAL"));
        QCOMPARE(in.table()->model()->index(3, journal).data().toString(), QStringLiteral("rollback"));
    }

    void theReviewLeavesAloneWhatIsSoAlready()
    {
        WindowFixture in;
        in.make("a.db");
        in.make("b.db", {.journalMode = "wal"});
        in.scan();
        in.child<QTableView>("table")->selectAll();
        in.action("operation.journal.wal")->trigger();
        QTRY_VERIFY(review(in));
        auto *counts = review(in)->findChild<QLabel *>(QStringLiteral("counts"));
        QTRY_COMPARE(counts->text(), QStringLiteral("1 to do, 1 already so"));
        QTest::keyClick(review(in), Qt::Key_Return); // Cancel is the default
        QTRY_VERIFY(!review(in));
        QCOMPARE(in.window->jobs().rowCount(), 0);
        QVERIFY(!isWal(in.tree() / "a.db"));
    }

    void theReviewRehearsesWithoutTouchingTheFile()
    {
        WindowFixture in;
        const Path path = in.make("a.db");
        in.make("b.db", {.journalMode = "wal"});
        in.scan();
        in.child<QTableView>("table")->selectAll();
        in.action("operation.journal.wal")->trigger();
        QTRY_VERIFY(review(in));
        auto *rehearse = button(review(in), "rehearseButton");
        QTRY_VERIFY(rehearse->isEnabled());
        QTest::mouseClick(rehearse, Qt::LeftButton);
        auto *sentence = review(in)->findChild<QLabel *>(QStringLiteral("sentence"));
        QTRY_VERIFY(sentence->text().contains(QStringLiteral("Rehearsed: it works.")));
        QTRY_COMPARE(rehearse->text(), QStringLiteral("Rehearse"));
        QCOMPARE(review(in)->findChild<QLabel *>(QStringLiteral("counts"))->text(),
                 QStringLiteral("1 to do, 1 already so"));
        QVERIFY(!isWal(path));
        QVERIFY(button(review(in), "goButton")->isEnabled());
    }

    void aCheckCanBeStopped()
    {
        WindowFixture in;
        makeSlowDatabase(in.tree() / "slow.db");
        in.scan();
        in.selectRows(0, 0);
        QTest::keyClick(in.table(), Qt::Key_K, Qt::ControlModifier);
        const QModelIndex file = in.window->jobs().index(0, 0, in.window->jobs().index(0, 0));
        QTRY_VERIFY(file.isValid());
        QTRY_VERIFY(in.window->jobs().index(0, 1, file.parent()).data(models::JobModel::FractionRole).isValid());
        QElapsedTimer time;
        time.start();
        QTest::mouseClick(button(in.child<QWidget>("jobsDock"), "stopButton"), Qt::LeftButton);
        QTRY_COMPARE(in.window->jobs().state(in.window->jobs().index(0, 0)).cancelled, 1);
        QVERIFY2(time.elapsed() < 2000, qPrintable(QString::number(time.elapsed())));
    }

    void escapeStopsTheFocusedJob()
    {
        WindowFixture in;
        makeSlowDatabase(in.tree() / "slow.db");
        in.scan();
        in.selectRows(0, 0);
        in.action("operation.check.plain")->trigger();
        auto *tree = in.child<QTreeView>("tree");
        tree->setFocus();
        QTRY_COMPARE(in.window->jobs().running(), 1);
        QTest::keyClick(tree, Qt::Key_Escape);
        QTRY_COMPARE(in.window->jobs().state(in.window->jobs().index(0, 0)).cancelled, 1);
    }

    void aDamagedFileIsSaidToBeDamaged()
    {
        WindowFixture in;
        in.make("a.db", {.rows = 500});
        patch(in.tree() / "a.db", 4096 * 2, {0xff, 0xff, 0xff, 0xff, 0xff});
        in.scan();
        in.selectRows(0, 0);
        in.action("operation.check.plain")->trigger();
        QTRY_COMPARE(in.window->jobs().state(in.window->jobs().index(0, 0)).damaged, 1);
        QVERIFY(resultOf(in, 0).contains(QStringLiteral("a.db"))); // the sentence itself
        QTRY_COMPARE(in.window->session().databases().row(0).verdict, models::Verdict::Damaged);
    }

    void twoDatabasesAreBackedUp()
    {
        WindowFixture in;
        in.make("a.db");
        in.make("b.db", {.journalMode = "wal"});
        const Path target = in.folder() / "backups";
        std::filesystem::create_directories(target);
        in.scan();
        in.child<QTableView>("table")->selectAll();
        QTest::keyClick(in.table(), Qt::Key_B, Qt::ControlModifier);
        QTRY_VERIFY(review(in));
        QVERIFY(!button(review(in), "goButton")->isEnabled()); // no folder yet
        review(in)->setPlace("to", target);
        QTRY_VERIFY(button(review(in), "goButton")->isEnabled());
        QTest::mouseClick(button(review(in), "goButton"), Qt::LeftButton);
        QTRY_COMPARE(resultOf(in, 0), QStringLiteral("2 done"));
        int databases = 0;
        for (const auto &entry : std::filesystem::directory_iterator(target))
            databases += readFile(entry.path()).starts_with("SQLite format 3") ? 1 : 0;
        QCOMPARE(databases, 2);
    }

    void aDatabaseIsCompactedWithAnotherPageSize()
    {
        WindowFixture in;
        in.make("a.db", {.rows = 2000, .moreSql = "CREATE TABLE loose(a); DELETE FROM t WHERE id % 2"});
        in.scan();
        in.selectRows(0, 0);
        in.action("operation.compact")->trigger();
        QTRY_VERIFY(review(in));
        auto *pages = review(in)->findChild<QComboBox *>(QStringLiteral("option.page-size"));
        pages->setCurrentIndex(pages->findData(QStringLiteral("8192")));
        auto *sentence = review(in)->findChild<QLabel *>(QStringLiteral("sentence"));
        QTRY_VERIFY(sentence->text().contains(QStringLiteral("loose"))); // whose rowids may change
        QTest::mouseClick(button(review(in), "goButton"), Qt::LeftButton);
        QTRY_VERIFY(resultOf(in, 0).startsWith(QStringLiteral("Compacted a.db")));
        QCOMPARE(readFile(in.tree() / "a.db").substr(16, 2), std::string("\x20\x00", 2));
    }

    void oneDatabaseAtATimeIsRecovered()
    {
        WindowFixture in;
        in.make("a.db");
        in.make("b.db");
        in.scan();
        in.table()->selectAll();
        QVERIFY(in.action("operation.compact")->isEnabled());
        QVERIFY(!in.action("operation.recover")->isEnabled());
        in.selectRows(0, 0);
        in.action("operation.recover")->trigger();
        QTRY_VERIFY(review(in));
        auto *counts = review(in)->findChild<QLabel *>(QStringLiteral("counts"));
        QTRY_VERIFY(counts->text() == QStringLiteral("1 to do") || counts->text() == QStringLiteral("1 left alone"));
        if (counts->text() != QStringLiteral("1 to do"))
            QSKIP("NOT TESTED: the program sqlite3 is not installed");
        QTest::mouseClick(button(review(in), "goButton"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(std::filesystem::exists(in.tree() / "a-recovered.db"), PatienceMs);
    }

    void closingWithJobsRunningAsks()
    {
        WindowFixture in;
        makeSlowDatabase(in.tree() / "slow.db");
        in.scan();
        in.selectRows(0, 0);
        in.action("operation.check.plain")->trigger();
        QTRY_COMPARE(in.window->jobs().running(), 1);

        in.window->close();
        QVERIFY(in.window->isVisible());
        auto *question = in.dialog<QMessageBox>();
        QVERIFY(question);
        QTest::mouseClick(question->defaultButton(), Qt::LeftButton); // keep running
        QTRY_VERIFY(!in.dialog<QMessageBox>());
        QVERIFY(in.window->isVisible());
        QCOMPARE(in.window->jobs().running(), 1);

        in.window->close();
        question = in.dialog<QMessageBox>();
        QVERIFY(question);
        for (QAbstractButton *choice : question->buttons()) {
            if (question->buttonRole(choice) == QMessageBox::DestructiveRole)
                QTest::mouseClick(choice, Qt::LeftButton);
        }
        QTRY_VERIFY(!in.window->isVisible());
        QCOMPARE(in.window->jobs().state(in.window->jobs().index(0, 0)).cancelled, 1);
    }
};

int main(int argc, char **argv)
{
    return runWindowTest<tst_Window>(argc, argv);
}
#include "tst_window.moc"
