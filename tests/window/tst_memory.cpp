// SPDX-License-Identifier: GPL-3.0-or-later
// What the window remembers from one start to the next, and takes back.
#include "window/historydialog.h"
#include "window/operationdialog.h"
#include "windowfixture.h"

#include <QAbstractButton>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>

using namespace lk;
using namespace lk::test;
using namespace lk::window;

class TestMemory : public QObject
{
    Q_OBJECT

    static bool isWal(const Path &path) { return readFile(path)[18] == 2; }
    static void run(WindowFixture &in, const char *operation, const Path &path,
                    const operations::Arguments &arguments = {})
    {
        QSignalSpy finished(&in.window->jobs(), &models::JobModel::batchFinished);
        in.window->jobs().start(QStringLiteral("A job"), *operations::find(operation), arguments,
                                {{.path = path, .seen = {}}});
        QTRY_COMPARE(finished.count(), 1);
        in.memory.finish();
    }
    static void answer(WindowFixture &in, QMessageBox::ButtonRole role)
    {
        QTRY_VERIFY(in.dialog<QMessageBox>());
        for (QAbstractButton *button : in.dialog<QMessageBox>()->buttons()) {
            if (in.dialog<QMessageBox>()->buttonRole(button) == role) {
                QTest::mouseClick(button, Qt::LeftButton);
                return;
            }
        }
        QFAIL("no such button");
    }

private Q_SLOTS:
    void init() { failOnAnyWarning(); }

    void theFirstStartRemembersNothing()
    {
        WindowFixture in;
        in.window->restore();
        in.memory.finish();
        QCoreApplication::processEvents();
        QVERIFY(in.child<QPushButton>("homeButton")->isVisible());
    }

    void aLaterStartShowsTheLastResultsAndTheirAge()
    {
        WindowFixture in;
        in.make("b.db", {.journalMode = "wal"});
        in.make("sub/a \xff.db");
        in.scan();
        const QStringList names = in.shownNames();
        QCOMPARE(names.size(), 2);
        in.memory.finish();
        std::filesystem::remove_all(in.tree()); // nothing is read again for it
        in.show();
        in.window->restore();
        QTRY_COMPARE(in.shownNames(), names);
        QTRY_VERIFY(in.child<QLabel>("whenLabel")->text().startsWith(QStringLiteral("Scanned")));
        QVERIFY(in.child<QLabel>("noticeText")->isVisible());
        QVERIFY(in.action("scanAgainAction")->isEnabled());
        QCOMPARE(in.window->session().roots(), std::vector<Path>({in.tree()}));
        in.scan();
        QVERIFY(!in.child<QLabel>("noticeText")->isVisible()); // it spoke of what was there before
    }

    void aNewScanTakesThePlaceOfWhatWasRemembered()
    {
        WindowFixture in;
        in.make("a.db");
        in.scan();
        in.memory.finish();
        std::filesystem::remove(in.tree() / "a.db");
        in.make("b.db");
        in.show();
        in.window->restore();
        in.scan(); // at once
        in.memory.finish();
        QCoreApplication::processEvents();
        QCOMPARE(in.shownNames(), QStringList{QStringLiteral("b.db")});
    }

    void whatWasCheckedIsStillKnown()
    {
        WindowFixture in;
        const Path path = in.make("a.db");
        in.scan();
        run(in, "check", path);
        in.show();
        in.window->restore();
        QTRY_COMPARE(in.window->session().databases().rowCount(), 1);
        QTRY_COMPARE(in.window->session().databases().row(0).verdict, models::Verdict::Ok);
    }

    void aVerdictFromBeforeAChangeIsNone()
    {
        WindowFixture in;
        const Path path = in.make("a.db");
        run(in, "check", path);
        runSql(path, "DELETE FROM t");
        in.scan();
        in.memory.finish();
        QCoreApplication::processEvents();
        QCOMPARE(in.window->session().databases().row(0).verdict, models::Verdict::None);
    }

    void theHistoryTakesBackWhatWasDone()
    {
        WindowFixture in;
        const Path path = in.make("a.db");
        in.scan();
        run(in, "journal", path, {{"mode", std::string("wal")}});
        QVERIFY(isWal(path));
        in.action("historyAction")->trigger();
        auto *dialog = in.dialog<HistoryDialog>();
        QVERIFY(dialog);
        auto *table = dialog->findChild<QTableView *>(QStringLiteral("historyTable"));
        auto *undo = dialog->findChild<QPushButton *>(QStringLiteral("undoButton"));
        QTRY_COMPARE(table->model()->rowCount(), 1);
        QTRY_VERIFY(undo->isEnabled());

        QTest::mouseClick(undo, Qt::LeftButton);
        answer(in, QMessageBox::RejectRole);
        QCoreApplication::processEvents();
        QVERIFY(isWal(path));

        QSignalSpy finished(&in.window->jobs(), &models::JobModel::batchFinished);
        QTest::mouseClick(undo, Qt::LeftButton);
        answer(in, QMessageBox::AcceptRole);
        QTRY_COMPARE(finished.count(), 1);
        QVERIFY(!isWal(path));
        QTRY_COMPARE(table->model()->rowCount(), 2); // it follows
        QVERIFY(table->model()->index(0, 1).data().toString().contains(QStringLiteral("takes back 1")));
        table->setCurrentIndex(table->model()->index(1, 0));
        QVERIFY(!undo->isEnabled());
        dialog->close();
    }

    void theHistoryIsFiltered()
    {
        WindowFixture in;
        run(in, "check", in.make("a.db"));
        run(in, "check", in.make("b.db"));
        in.action("historyAction")->trigger();
        auto *dialog = in.dialog<HistoryDialog>();
        auto *table = dialog->findChild<QTableView *>(QStringLiteral("historyTable"));
        QTRY_COMPARE(table->model()->rowCount(), 2);
        QTest::keyClicks(dialog->findChild<QLineEdit *>(QStringLiteral("filterEdit")), QStringLiteral("B.DB"));
        QCOMPARE(table->model()->rowCount(), 1);
        dialog->close();
    }

    void theInspectorShowsTheHistoryOfOneFile()
    {
        WindowFixture in;
        const Path a = in.make("a.db");
        run(in, "check", in.make("b.db"));
        run(in, "check", a);
        in.scan();
        const auto row = static_cast<int>(in.shownNames().indexOf(QStringLiteral("a.db")));
        in.selectRows(row, row);
        for (QAction *action : in.window->findChildren<QAction *>()) {
            if (action->text() == QStringLiteral("History"))
                action->trigger();
        }
        auto *table = in.child<QTableView>("historyTable");
        QTRY_VERIFY(table->isVisible());
        QTRY_COMPARE(table->model()->rowCount(), 1);
        run(in, "check", a);
        QTRY_COMPARE(table->model()->rowCount(), 2);
        in.selectRows(0, 1);
        QTRY_COMPARE(table->model()->rowCount(), 0);
    }

    void aProtectedFolderIsUnlockedOnce_data()
    {
        QTest::addColumn<int>("answer");
        QTest::addColumn<int>("reviewed"); // 0: there is no review

        QTest::newRow("cancelled") << int(QMessageBox::RejectRole) << 0;
        QTest::newRow("unlocked") << int(QMessageBox::DestructiveRole) << 2;
    }
    void aProtectedFolderIsUnlockedOnce()
    {
        QFETCH(int, answer);
        QFETCH(int, reviewed);
        WindowFixture in;
        const Path browsers = in.make(".mozilla/firefox/ab12.default/places.sqlite");
        in.make("shop.db");
        in.scan();
        in.window->findChild<QTableView *>(QStringLiteral("table"))->selectAll();
        in.action("operation.journal.wal")->trigger();
        auto *question = in.dialog<QMessageBox>();
        QVERIFY(question);
        QVERIFY(question->informativeText().contains(QStringLiteral("ab12.default (a browser's)")));
        QCOMPARE(question->defaultButton(), question->button(QMessageBox::Cancel));
        if (answer == int(QMessageBox::RejectRole))
            QTest::mouseClick(question->button(QMessageBox::Cancel), Qt::LeftButton);
        else
            TestMemory::answer(in, QMessageBox::ButtonRole(answer));
        QTRY_VERIFY(!in.dialog<QMessageBox>());
        auto *review = in.dialog<OperationDialog>();
        QCOMPARE(review != nullptr, reviewed > 0);
        QCOMPARE(in.settings.unlockedFolders().size(), reviewed > 0 ? 1u : 0u);
        if (!review)
            return;
        review->reject();
        QTRY_VERIFY(!in.dialog<OperationDialog>());
        in.action("operation.journal.wal")->trigger(); // asked no more
        QVERIFY(in.dialog<OperationDialog>());
        in.dialog<OperationDialog>()->reject();
        QVERIFY(!isWal(browsers));
    }

    void whatIsProtectedCanBeLeftAlone()
    {
        WindowFixture in;
        in.make(".mozilla/firefox/ab12.default/places.sqlite");
        in.make("shop.db");
        in.scan();
        in.table()->selectAll();
        in.action("operation.journal.wal")->trigger();
        for (QAbstractButton *button : in.dialog<QMessageBox>()->buttons()) {
            if (button->text().contains(QStringLiteral("alone")))
                QTest::mouseClick(button, Qt::LeftButton);
        }
        auto *review = in.dialog<OperationDialog>();
        QVERIFY(review);
        QTRY_COMPARE(review->doable().size(), 1u);
        QCOMPARE(review->doable().front().path, in.tree() / "shop.db");
        QVERIFY(in.settings.unlockedFolders().empty());
        review->reject();
    }

    void lookingAtWhatIsProtectedAsksNothing()
    {
        WindowFixture in;
        in.make(".mozilla/firefox/ab12.default/places.sqlite");
        in.scan();
        in.table()->selectAll();
        in.action("operation.check.plain")->trigger();
        QVERIFY(!in.dialog<QMessageBox>());
        QTRY_COMPARE(in.window->jobs().running(), 0);
    }

    void withoutAMemoryTheWindowWorksAndSaysSo()
    {
        WindowFixture in;
        writeFile(in.folder() / "catalogue.sqlite", std::string(5000, '#'));
        const Path path = in.make("a.db");
        in.scan();
        run(in, "check", path);
        QTRY_VERIFY(in.child<QLabel>("noticeText")->text().contains(QStringLiteral("own memory was damaged")));
        QCOMPARE(in.window->session().databases().row(0).verdict, models::Verdict::Ok);
    }
};

int main(int argc, char **argv)
{
    return runWindowTest<TestMemory>(argc, argv);
}
#include "tst_memory.moc"
