// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/heldlock.h"
#include "windowfixture.h"

#include <QClipboard>
#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabWidget>
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
        QTRY_COMPARE(overview(in, "Last check"), QStringLiteral("not in this session"));
        in.action("operation.check.plain")->trigger();
        QTRY_VERIFY(overview(in, "Last check").endsWith(QStringLiteral(": sound")));
        QCOMPARE(overview(in, "Last backup"), QStringLiteral("not in this session"));
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
