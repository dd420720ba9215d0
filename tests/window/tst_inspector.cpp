// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/heldlock.h"
#include "window/advicedialog.h"
#include "window/treemap.h"
#include "windowfixture.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QToolButton>
#include <QTreeView>

using namespace lk;
using namespace lk::test;

/// The tabs of the inspector, in the real window.
class tst_Inspector : public QObject
{
    Q_OBJECT

private:
    static QTabWidget *tabs(const WindowFixture &in) { return in.child<QTabWidget>("tabs"); }
    /// Chosen from the menu, as a person without a mouse does.
    static QWidget *show(const WindowFixture &in, const QString &title)
    {
        for (QAction *action : in.window->findChildren<QAction *>()) {
            if (action->text() == title)
                action->trigger();
        }
        const QWidget *tab = tabs(in)->currentWidget();
        if (tabs(in)->tabText(tabs(in)->currentIndex()) != title)
            qFatal("no tab %s", qPrintable(title));
        return const_cast<QWidget *>(tab);
    }
    static QString overview(const WindowFixture &in, const char *name)
    {
        auto *facts = in.child<QFormLayout>("facts");
        for (int row = 0; row < facts->rowCount(); ++row) {
            auto *label = qobject_cast<QLabel *>(facts->itemAt(row, QFormLayout::LabelRole)->widget());
            if (label && label->text() == QLatin1String(name) + QLatin1Char(':'))
                return qobject_cast<QLabel *>(facts->itemAt(row, QFormLayout::FieldRole)->widget())->text();
        }
        return {};
    }
    /// The meaning of the field \a name in the field view \a view of \a tab.
    static QString field(QWidget *tab, const char *view, const char *name)
    {
        const auto *model = tab->findChild<QWidget *>(QLatin1String(view))->findChild<QTreeView *>()->model();
        for (int group = 0; group < model->rowCount(); ++group) {
            const QModelIndex parent = model->index(group, 0);
            for (int row = 0; row < model->rowCount(parent); ++row) {
                if (model->index(row, 0, parent).data().toString() == QLatin1String(name))
                    return model->index(row, 1, parent).data().toString();
            }
        }
        return {};
    }

private Q_SLOTS:
    void init() { failOnAnyWarning(); }

    void theOverviewFollowsTheSelection()
    {
        WindowFixture in;
        in.make("a.db", {.journalMode = "wal"});
        in.make("b.db");
        in.scan();
        in.child<QTableView>("table")->horizontalHeader()->setSortIndicator(0, Qt::AscendingOrder);
        in.selectRows(0, 0);
        QTRY_COMPARE(overview(in, "Journal"), QStringLiteral("WAL"));
        QCOMPARE(overview(in, "Content"), QStringLiteral("1 table, 1 index"));
        in.selectRows(1, 1);
        QCOMPARE(overview(in, "Journal"), QString()); // nothing of the last one stays
        QTRY_COMPARE(overview(in, "Journal"), QStringLiteral("rollback"));
        in.table()->selectionModel()->clear();
        QVERIFY(in.child<QLabel>("nothingText")->isVisible());
    }
    void anOperationIsRememberedForTheSession()
    {
        WindowFixture in;
        in.make("a.db");
        in.scan();
        in.selectRows(0, 0);
        QTRY_COMPARE(overview(in, "Last check"), QStringLiteral("never by Litekeeper"));
        in.action("operation.check.plain")->trigger();
        QTRY_VERIFY(overview(in, "Last check").endsWith(QStringLiteral(": sound")));
        QCOMPARE(overview(in, "Last backup"), QStringLiteral("never by Litekeeper"));
    }
    void theSettingsKeepWhatIsStoredApartFromWhatIsNot()
    {
        WindowFixture in;
        in.make("a.db", {.pageSize = 8192, .journalMode = "wal", .userVersion = 77});
        in.scan();
        in.selectRows(0, 0);
        QWidget *tab = show(in, QStringLiteral("Settings"));
        QTRY_COMPARE(field(tab, "stored", "User version"), QStringLiteral("77"));
        QCOMPARE(field(tab, "stored", "synchronous"), QString());
        auto *tree = tab->findChild<QWidget *>(QStringLiteral("stored"))->findChild<QTreeView *>();
        tree->setFocus();
        QTest::keyClick(tree, Qt::Key_Home);
        QTest::keyClick(tree, Qt::Key_Down);
        auto *explanation = tab->findChild<QLabel *>(QStringLiteral("explanationLabel"));
        QVERIFY(explanation->text().contains(QStringLiteral("Default: a rollback journal.")));
    }
    void theCodeForConnectionsIsCopiedForTheChosenUse()
    {
        WindowFixture in;
        in.make("a.db", {.journalMode = "wal"});
        in.scan();
        in.selectRows(0, 0);
        QWidget *tab = show(in, QStringLiteral("Settings"));
        tab->findChild<QTabWidget *>(QStringLiteral("groups"))->setCurrentIndex(1);
        auto *code = tab->findChild<QPlainTextEdit *>(QStringLiteral("code"));
        QTRY_VERIFY(code->toPlainText().contains(QStringLiteral("PRAGMA synchronous = NORMAL;")));
        auto *use = tab->findChild<QComboBox *>(QStringLiteral("use"));
        use->setFocus();
        QTest::keyClick(use, Qt::Key_End);
        QVERIFY(code->toPlainText().contains(QStringLiteral("PRAGMA cache_size = -262144;")));
        QTest::mouseClick(tab->findChild<QPushButton *>(QStringLiteral("copyAllButton")), Qt::LeftButton);
        QCOMPARE(QGuiApplication::clipboard()->text(), code->toPlainText());
        QTest::mouseClick(tab->findChild<QPushButton *>(QStringLiteral("copyLineButton")), Qt::LeftButton);
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("PRAGMA busy_timeout = 30000;"));
    }
    void whatTheProjectSetsIsSaidWithItsLineAndAPatch()
    {
        WindowFixture in;
        const std::string settings = "DATABASES = {\n    'default': {\n        'ENGINE': "
                                     "'django.db.backends.sqlite3',\n        'NAME': 'a.db',\n    },\n"
                                     "    'OPTIONS': {'timeout': 20},\n}\n";
        test::writeFile(in.tree() / "manage.py", "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'settings')\n");
        test::writeFile(in.tree() / "settings.py", settings);
        in.make("a.db");
        in.scan();
        in.selectRows(0, 0);
        QWidget *tab = show(in, QStringLiteral("Settings"));
        auto *groups = tab->findChild<QTabWidget *>(QStringLiteral("groups"));
        groups->setCurrentIndex(2);
        auto *programs = tab->findChild<QLabel *>(QStringLiteral("project.programs"));
        QTRY_VERIFY(programs->text().contains(QStringLiteral("Django")));
        auto *explanation = tab->findChild<QLabel *>(QStringLiteral("project.explanation"));
        QVERIFY2(explanation->text().contains(QStringLiteral("OPTIONS")), qPrintable(explanation->text()));
        auto *table = tab->findChild<QTableView *>(QStringLiteral("project.table"));
        QCOMPARE(table->currentIndex().siblingAtColumn(2).data().toString().contains(QStringLiteral("settings.py:6")),
                 true);
        auto *patch = tab->findChild<QPlainTextEdit *>(QStringLiteral("project.patch"));
        QVERIFY(patch->toPlainText().contains(QStringLiteral("+++ b/settings.py")));
        QTest::mouseClick(tab->findChild<QPushButton *>(QStringLiteral("project.copy")), Qt::LeftButton);
        QVERIFY(QGuiApplication::clipboard()->text().contains(QStringLiteral("+++ b/settings.py")));
        QVERIFY(test::readFile(in.tree() / "settings.py") == settings); // for the person to apply
    }
    void theCodeIsForTheProjectAroundTheFile()
    {
        WindowFixture in;
        test::writeFile(in.tree() / "manage.py", "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'settings')\n");
        test::writeFile(in.tree() / "settings.py", "DATABASES = {'default': {'ENGINE': "
                                                   "'django.db.backends.sqlite3', 'NAME': 'it\\'s.db'}}\n");
        in.make("it's.db");
        in.scan();
        in.selectRows(0, 0);
        QWidget *tab = show(in, QStringLiteral("Settings"));
        tab->findChild<QTabWidget *>(QStringLiteral("groups"))->setCurrentIndex(1);
        auto *framework = tab->findChild<QComboBox *>(QStringLiteral("framework"));
        QTRY_COMPARE(framework->currentData().toString(), QStringLiteral("django"));
        auto *code = tab->findChild<QPlainTextEdit *>(QStringLiteral("code"));
        QVERIFY2(code->toPlainText().contains(QStringLiteral("tree/it\\'s.db'")), qPrintable(code->toPlainText()));
        QVERIFY(code->toPlainText().contains(QStringLiteral("\"transaction_mode\": \"IMMEDIATE\"")));
        framework->setFocus();
        QTest::keyClicks(framework, QStringLiteral("PHP"));
        QVERIFY2(code->toPlainText().startsWith(QStringLiteral("<?php")), qPrintable(code->toPlainText()));
        QTest::mouseClick(tab->findChild<QPushButton *>(QStringLiteral("copyAllButton")), Qt::LeftButton);
        QCOMPARE(QGuiApplication::clipboard()->text(), code->toPlainText());
    }
    void aPathThatCodeCannotSayIsToldInsteadOfIt()
    {
        WindowFixture in;
        in.make("shop.db ");
        in.scan();
        in.selectRows(0, 0);
        QWidget *tab = show(in, QStringLiteral("Settings"));
        tab->findChild<QTabWidget *>(QStringLiteral("groups"))->setCurrentIndex(1);
        auto *refusal = tab->findChild<QLabel *>(QStringLiteral("refusal"));
        auto *copy = tab->findChild<QPushButton *>(QStringLiteral("copyAllButton"));
        QTRY_COMPARE(field(tab, "stored", "User version"), QStringLiteral("0"));
        QVERIFY(copy->isEnabled());
        auto *framework = tab->findChild<QComboBox *>(QStringLiteral("framework"));
        framework->setFocus();
        QTest::keyClicks(framework, QStringLiteral("better"));
        QVERIFY2(refusal->isVisible() && refusal->text().contains(QStringLiteral("ends with a blank")),
                 qPrintable(refusal->text()));
        QVERIFY(!copy->isEnabled());
        QTest::keyClick(framework, Qt::Key_Home);
        QVERIFY(!refusal->isVisible() && copy->isEnabled());
    }
    void theOverviewHasTheMostImportantFindingsWithTheirFix()
    {
        WindowFixture in;
        in.make("a.db");
        in.scan();
        in.selectRows(0, 0);
        // That no check is known is among the findings of a new database, and its button checks it.
        QPushButton *check = nullptr;
        const auto isThere = [&] {
            for (QPushButton *button : in.window->findChildren<QPushButton *>(QStringLiteral("fixButton"))) {
                if (button->isVisible() && button->text() == QStringLiteral("Check"))
                    check = button;
            }
            return check != nullptr;
        };
        QTRY_VERIFY(isThere());
        QTest::mouseClick(check, Qt::LeftButton);
        QTRY_VERIFY(overview(in, "Last check").endsWith(QStringLiteral(": sound")));
        check = nullptr;
        QTRY_VERIFY(!isThere()); // that is done
    }
    void adviceIsReadAndMuted()
    {
        WindowFixture in;
        const Path path = in.make("a.db");
        in.scan();
        in.selectRows(0, 0);
        QWidget *tab = show(in, QStringLiteral("Advice"));
        auto *findings = tab->findChild<QTreeView *>(QStringLiteral("findings"));
        QTRY_VERIFY(findings->model()->rowCount() > 0);
        QVERIFY(tab->findChild<QLabel *>(QStringLiteral("checked"))->text().startsWith(QStringLiteral("Checked ")));
        const int all = findings->model()->rowCount();
        const QString first = findings->model()->index(0, 1).data().toString();
        QCOMPARE(tab->findChild<QLabel *>(QStringLiteral("title"))->text(), first);
        QVERIFY(tab->findChild<QLabel *>(QStringLiteral("text"))->text().contains(QStringLiteral("What to do: ")));
        QVERIFY(tab->findChild<QLabel *>(QStringLiteral("link"))->text().startsWith(QStringLiteral("https://")));
        QTest::mouseClick(tab->findChild<QPushButton *>(QStringLiteral("copyLinkButton")), Qt::LeftButton);
        QCOMPARE(QGuiApplication::clipboard()->text(), tab->findChild<QLabel *>(QStringLiteral("link"))->text());

        auto *menu = tab->findChild<QToolButton *>(QStringLiteral("muteButton"))->menu();
        Q_EMIT menu->aboutToShow();
        menu->actions().first()->trigger(); // of this file
        QCOMPARE(findings->model()->rowCount(), all - 1);
        QCOMPARE(in.settings.mutes().size(), 1u);
        QCOMPARE(in.settings.mutes().front().place, path);
        auto *showMuted = tab->findChild<QCheckBox *>(QStringLiteral("showMuted"));
        QVERIFY(showMuted->isVisible());
        showMuted->click();
        QCOMPARE(findings->model()->rowCount(), all);
        Q_EMIT menu->aboutToShow();
        menu->actions().first()->trigger(); // say it again
        QVERIFY(in.settings.mutes().empty());
        QVERIFY(!showMuted->isVisible());
        QCOMPARE(findings->model()->rowCount(), all);
    }
    void nothingIsSaidOfWhatIsMutedAltogether()
    {
        WindowFixture in;
        const Path path = in.make("a.db");
        in.settings.setMutes({{.rule = {}, .place = path.parent_path()}});
        in.scan();
        in.selectRows(0, 0);
        QWidget *tab = show(in, QStringLiteral("Advice"));
        QTRY_VERIFY(tab->findChild<QCheckBox *>(QStringLiteral("showMuted"))->isVisible());
        QCOMPARE(tab->findChild<QTreeView *>(QStringLiteral("findings"))->model()->rowCount(), 0);
        QVERIFY(!tab->findChild<QTreeView *>(QStringLiteral("findings"))->isVisible());
    }
    void adviceForManyIsOneLineForEachRuleWithTheFixForAll()
    {
        WindowFixture in;
        for (const char *name : {"a.db", "b.db", "c.db"})
            in.make(name);
        in.scan();
        in.selectRows(0, 2);
        QTest::mouseClick(in.child<QPushButton>("adviceButton"), Qt::LeftButton);
        auto *dialog = in.dialog<window::AdviceDialog>();
        QVERIFY(dialog);
        auto *groups = dialog->findChild<QTreeView *>(QStringLiteral("groups"));
        auto *heading = dialog->findChild<QLabel *>(QStringLiteral("heading"));
        QTRY_VERIFY(heading->text().startsWith(QStringLiteral("Looked at 3 databases.")));
        QModelIndex check;
        for (int row = 0; row < groups->model()->rowCount(); ++row) {
            const QModelIndex index = groups->model()->index(row, 1);
            if (index.data().toString() == QStringLiteral("3 databases: No check known"))
                check = index.siblingAtColumn(0);
        }
        QVERIFY(check.isValid());
        QCOMPARE(groups->model()->rowCount(check), 3);
        groups->setCurrentIndex(check);
        auto *fixButton = dialog->findChild<QPushButton *>(QStringLiteral("fixButton"));
        QCOMPARE(fixButton->text(), QStringLiteral("Check (3)"));
        QTest::mouseClick(fixButton, Qt::LeftButton);
        QTRY_COMPARE(in.window->jobs().rowCount(), 1);
        groups->expandAll();
        groups->setCurrentIndex(groups->model()->index(1, 0, check));
        auto *showButton = dialog->findChild<QPushButton *>(QStringLiteral("showButton"));
        QVERIFY(showButton->isEnabled());
        QTest::mouseClick(showButton, Qt::LeftButton);
        QTRY_COMPARE(in.table()->selectionModel()->selectedRows().size(), 1);
    }
    void theKindsOfPagesAreThere()
    {
        WindowFixture in;
        in.make("a.db", {.pageSize = 1024, .journalMode = "wal", .rows = 300});
        in.scan();
        in.selectRows(0, 0);
        QWidget *tab = show(in, QStringLiteral("Pages"));
        auto *list = tab->findChild<QTreeView *>(QStringLiteral("list"));
        QTRY_VERIFY(list->model()->rowCount() > 3);
        QCOMPARE(field(tab, "fields", "Page size"), QStringLiteral("1.0 KiB"));
        // A byte chooses its field, a field its bytes.
        auto *hex = tab->findChild<QTableView *>(QStringLiteral("hex"));
        hex->setFocus();
        hex->setCurrentIndex(hex->model()->index(1, 9));
        auto *fields = tab->findChild<QWidget *>(QStringLiteral("fields"))->findChild<QTreeView *>();
        QCOMPARE(fields->currentIndex().siblingAtColumn(0).data().toString(), QStringLiteral("Change counter"));
        QTRY_COMPARE(hex->selectionModel()->selectedIndexes().size(), 4);
        QTest::keyClick(fields, Qt::Key_Down);
        QTRY_COMPARE(hex->currentIndex(), hex->model()->index(1, 12));
        QTRY_COMPARE(hex->selectionModel()->selectedIndexes().size(), 4);
    }
    void theRoomIsMeasuredAtOnceWhereItIsLittle()
    {
        WindowFixture in;
        in.make("a.db", {.rows = 500});
        in.scan();
        in.selectRows(0, 0);
        QWidget *tab = show(in, QStringLiteral("Space"));
        auto *list = tab->findChild<QTreeView *>(QStringLiteral("list"));
        auto *map = tab->findChild<window::TreeMap *>(QStringLiteral("map"));
        QTRY_VERIFY(list->isVisible() && map->isVisible());
        QCOMPARE(list->model()->index(0, 0).data().toString(), QStringLiteral("t"));
        QVERIFY(tab->findChild<QLabel *>(QStringLiteral("totals"))->text().contains(QStringLiteral("free pages")));
        // The map and the list select each other.
        map->setFocus();
        QTest::keyClick(map, Qt::Key_End);
        QVERIFY(list->currentIndex() != list->model()->index(0, 0));
        QCOMPARE(tab->findChild<QLabel *>(QStringLiteral("explanation"))->text(), map->currentText());
    }
    void aTablesRowsAreReadPageByPage()
    {
        WindowFixture in;
        in.make("a.db", {.rows = 250,
                         .moreSql = "CREATE VIEW v AS SELECT * FROM t;"
                                    "INSERT INTO t VALUES(1000, NULL, x'00ff');"});
        in.scan();
        in.selectRows(0, 0);
        QWidget *tab = show(in, QStringLiteral("Data"));
        auto *objects = tab->findChild<QTreeView *>(QStringLiteral("objects"));
        QTRY_COMPARE(objects->model()->rowCount(), 2);
        auto *sql = tab->findChild<QPlainTextEdit *>(QStringLiteral("sql"));
        QVERIFY(sql->toPlainText().startsWith(QStringLiteral("CREATE TABLE t")));
        tab->findChild<QTabWidget *>(QStringLiteral("details"))->setCurrentIndex(1);
        auto *rows = tab->findChild<QTableView *>(QStringLiteral("rows"));
        auto *next = tab->findChild<QPushButton *>(QStringLiteral("nextButton"));
        auto *previous = tab->findChild<QPushButton *>(QStringLiteral("previousButton"));
        const auto first = [&] { return rows->model()->index(0, 0).data().toString(); };
        QTRY_COMPARE(first(), QStringLiteral("1"));
        QVERIFY(!previous->isEnabled());
        QTest::mouseClick(next, Qt::LeftButton);
        QTRY_COMPARE(first(), QStringLiteral("101"));
        QTest::mouseClick(next, Qt::LeftButton);
        QTRY_COMPARE(first(), QStringLiteral("201"));
        QVERIFY(!next->isEnabled());
        QCOMPARE(rows->model()->index(50, 1).data().toString(), QStringLiteral("NULL"));
        QVERIFY(rows->model()->index(50, 2).data().toString().startsWith(QStringLiteral("BLOB, 2 B: 00 ff")));
        QTest::mouseClick(previous, Qt::LeftButton);
        QTRY_COMPARE(first(), QStringLiteral("101"));
        objects->setFocus();
        QTest::keyClick(objects, Qt::Key_End); // the view
        QVERIFY(tab->findChild<QLabel *>(QStringLiteral("rowsText"))->text().startsWith(QStringLiteral("Views are")));
        QCOMPARE(rows->model()->rowCount(), 0);
        QVERIFY(!rows->isVisible());
    }
    void compactingIsRehearsedAndNothingChanges()
    {
        WindowFixture in;
        const Path path = in.make("a.db", {.rows = 2000, .moreSql = "DELETE FROM t WHERE id > 100;"});
        const std::string before = readFile(path);
        in.scan();
        in.selectRows(0, 0);
        QWidget *tab = show(in, QStringLiteral("Space"));
        auto *button = tab->findChild<QPushButton *>(QStringLiteral("compactButton"));
        QTRY_VERIFY(button->isVisible() && button->isEnabled());
        QTest::mouseClick(button, Qt::LeftButton);
        auto *text = tab->findChild<QLabel *>(QStringLiteral("compactText"));
        QTRY_VERIFY(text->text().startsWith(QStringLiteral("Compacting would give back ")));
        auto *sizes = tab->findChild<QTreeView *>(QStringLiteral("pageSizes"));
        QVERIFY(!sizes->isVisible());
        QTest::mouseClick(tab->findChild<QPushButton *>(QStringLiteral("pageSizesButton")), Qt::LeftButton);
        QTRY_COMPARE(sizes->model()->rowCount(), 7);
        QVERIFY(sizes->isVisible());
        QVERIFY(readFile(path) == before);
    }
    void whoHasItOpenIsFollowedWhileTheTabIsVisible()
    {
        WindowFixture in;
        const Path path = in.make("a.db", {.journalMode = "wal"});
        in.scan();
        in.selectRows(0, 0);
        QWidget *tab = show(in, QStringLiteral("WAL && locks"));
        auto *holders = tab->findChild<QTableView *>(QStringLiteral("holders"));
        auto *text = tab->findChild<QLabel *>(QStringLiteral("holdersText"));
        QTRY_VERIFY(text->text().startsWith(QStringLiteral("Nobody")));
        {
            const HeldLock held(path, Held::Reading);
            QTRY_COMPARE(holders->model()->rowCount(), 1);
            QCOMPARE(holders->model()->index(0, 1).data().toLongLong(), held.pid());
            QVERIFY(holders->model()->index(0, 3).data().toString().contains(QStringLiteral("has it open")));
            QVERIFY(holders->isVisible());
        }
        QTRY_COMPARE(holders->model()->rowCount(), 0);
    }
    void aFileThatIsGoneSaysSo()
    {
        WindowFixture in;
        const Path path = in.make("a.db");
        in.scan();
        std::filesystem::remove(path);
        in.selectRows(0, 0);
        QTRY_VERIFY(in.child<QLabel>("errorLabel")->isVisible());
        QVERIFY(in.child<QLabel>("errorLabel")->text().contains(QStringLiteral("a.db")));
    }
};

int main(int argc, char **argv)
{
    return runWindowTest<tst_Inspector>(argc, argv);
}
#include "tst_inspector.moc"
