// SPDX-License-Identifier: GPL-3.0-or-later
// Databases of another machine in the window, over a real ssh server on 127.0.0.1.
#include "cli/program.h"
#include "models/databasecolumns.h"
#include "models/facetmodel.h"
#include "support/sshd.h"
#include "support/temptree.h"
#include "window/machinedialog.h"
#include "window/operationdialog.h"
#include "windowfixture.h"

#include <QComboBox>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>

using namespace lk;
using namespace lk::test;

class MachinesTest : public QObject
{
    Q_OBJECT

    TempTree m_tree;
    std::unique_ptr<Sshd> m_sshd;
    Path m_home;

    /// As a person does it: the menu, the dialog, its button.
    void scanMachine(const WindowFixture &in, const char *host, const Path &folder = {}) const
    {
        in.action("scanMachineAction")->trigger();
        QTRY_VERIFY(in.dialog<window::MachineDialog>());
        auto *dialog = in.dialog<window::MachineDialog>();
        dialog->findChild<QComboBox *>(QStringLiteral("host"))->setEditText(QString::fromLatin1(host));
        dialog->findChild<QLineEdit *>(QStringLiteral("folder"))->setText(QString::fromStdString(folder.native()));
        dialog->accept();
        QTRY_VERIFY(in.window->session().isScanning());
        QTRY_VERIFY_WITH_TIMEOUT(!in.window->session().isScanning(), PatienceMs);
    }
    /// The row of \a name on the machine \a host ("–": this one), or -1.
    static int rowOf(const WindowFixture &in, const char *name, const char *host)
    {
        for (int row = 0; row < in.table()->model()->rowCount(); ++row) {
            if (cell(in, row, "name") == QLatin1String(name) && cell(in, row, "host") == QString::fromUtf8(host))
                return row;
        }
        return -1;
    }
    static QString cell(const WindowFixture &in, int row, const char *column)
    {
        return in.table()->model()->index(row, models::columnIndex(column)).data().toString();
    }
    static bool isHostShown(const WindowFixture &in)
    {
        return !in.table()->horizontalHeader()->isSectionHidden(models::columnIndex("host"));
    }
    static QString resultOf(const WindowFixture &in)
    {
        return in.window->jobs().index(0, models::JobModel::ResultColumn).data().toString();
    }
    static QPlainTextEdit *told(const WindowFixture &in) { return in.child<QPlainTextEdit>("remoteTold"); }

private Q_SLOTS:
    void initTestCase()
    {
        if (!Sshd::isThere())
            QSKIP("NOT TESTED: there is no /usr/sbin/sshd (openssh-server)");
        m_sshd = std::make_unique<Sshd>(m_tree.folder("ssh"));
        m_home = m_sshd->add("web1");
        m_sshd->add("bare");
        m_sshd->program("web1", "litekeeper-cli", programPath());
        makeDatabase(m_home / "a.db", {.journalMode = "wal"});
        makeDatabase(m_home / "b.db");
        std::string broken = readFile(m_home / "b.db");
        writeFile(m_home / "broken.db", broken.replace(4096, 100, std::string(100, 'x')));
    }

    void init() { failOnAnyWarning(); }

    void itsDatabasesJoinTheTable()
    {
        WindowFixture in;
        in.make("a.db");
        in.scan();
        QVERIFY(!isHostShown(in));
        scanMachine(in, "web1");
        QCOMPARE(in.table()->model()->rowCount(), 4);
        QVERIFY(isHostShown(in));
        QVERIFY(rowOf(in, "a.db", "–") >= 0);
        const int there = rowOf(in, "a.db", "web1");
        QVERIFY(there >= 0);
        QCOMPARE(cell(in, there, "journal_mode"), QStringLiteral("WAL"));
        QCOMPARE(cell(in, rowOf(in, "a.db", "–"), "journal_mode"), QStringLiteral("rollback"));

        in.window->session().filter().choose({models::FacetGroup::Host, 1}, true);
        QCOMPARE(in.table()->model()->rowCount(), 3);
        in.window->session().filter().clearFilter();

        // F5 asks both again.
        in.action("scanAgainAction")->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(!in.window->session().isScanning(), PatienceMs);
        QCOMPARE(in.table()->model()->rowCount(), 4);
        in.scan();
        QVERIFY(!isHostShown(in));
    }

    void aMachineMayBeAllThereIs()
    {
        WindowFixture in;
        scanMachine(in, "web1", m_home);
        QCOMPARE(in.table()->model()->rowCount(), 3);
        QVERIFY(in.table()->isVisible());
    }

    void theLastResultsComeBackWithTheirMachine()
    {
        WindowFixture in;
        scanMachine(in, "web1");
        in.show();
        in.window->restore();
        QTRY_COMPARE(in.table()->model()->rowCount(), 3);
        QVERIFY(rowOf(in, "a.db", "web1") >= 0);
        QVERIFY(isHostShown(in));
    }

    void itIsCheckedThere()
    {
        WindowFixture in;
        scanMachine(in, "web1");
        in.table()->selectAll();
        QVERIFY(in.action("operation.check.plain")->isEnabled());
        in.action("operation.check.plain")->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(in.window->jobs().rowCount() == 1 && in.window->jobs().running() == 0, PatienceMs);
        QVERIFY2(resultOf(in).contains(QLatin1String("damaged")), qPrintable(resultOf(in)));
        QCOMPARE(cell(in, rowOf(in, "a.db", "web1"), "verdict"), QStringLiteral("ok"));
        QCOMPARE(cell(in, rowOf(in, "broken.db", "web1"), "verdict"), QStringLiteral("damaged"));
    }

    void itIsBackedUpThere()
    {
        WindowFixture in;
        scanMachine(in, "web1");
        std::filesystem::create_directories(m_home / "backups");
        in.selectRows(rowOf(in, "a.db", "web1"), rowOf(in, "a.db", "web1"));
        in.action("operation.backup")->trigger();
        QTRY_VERIFY(in.dialog<window::OperationDialog>());
        auto *dialog = in.dialog<window::OperationDialog>();
        dialog->findChild<QPushButton *>(QStringLiteral("choose.to"))->click();
        QTRY_VERIFY(dialog->findChild<QInputDialog *>());
        auto *folder = dialog->findChild<QInputDialog *>();
        folder->setTextValue(QString::fromStdString((m_home / "backups").native()));
        folder->accept();
        auto *go = dialog->findChild<QPushButton *>(QStringLiteral("goButton"));
        QTRY_VERIFY_WITH_TIMEOUT(go->isEnabled(), PatienceMs);
        QTest::mouseClick(go, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(in.window->jobs().rowCount() == 1 && in.window->jobs().running() == 0, PatienceMs);
        QVERIFY2(resultOf(in).contains(QLatin1String("checked the copy")), qPrintable(resultOf(in)));
        QVERIFY(!std::filesystem::is_empty(m_home / "backups"));
    }

    void nothingIsChangedThere()
    {
        WindowFixture in;
        in.make("here.db");
        in.scan();
        scanMachine(in, "web1");
        in.selectRows(rowOf(in, "b.db", "web1"), rowOf(in, "b.db", "web1"));
        for (const char *name : {"operation.compact", "operation.journal", "operation.recover", "operation.optimize"}) {
            QVERIFY2(!in.action(name)->isEnabled(), name);
            QVERIFY2(in.action(name)->toolTip().contains(QLatin1String("litekeeper-cli on HOST")), name);
        }
        QVERIFY(!in.action("tryIndexAction")->isEnabled());
        in.table()->selectAll(); // some here, some there
        QVERIFY(!in.action("operation.compact")->isEnabled());
        in.selectRows(rowOf(in, "here.db", "–"), rowOf(in, "here.db", "–"));
        QVERIFY(in.action("operation.compact")->isEnabled());
        QVERIFY(!in.action("operation.compact")->toolTip().contains(QLatin1String("HOST")));
    }

    void theInspectorSaysWhereItIsAndAsksThere()
    {
        WindowFixture in;
        scanMachine(in, "web1");
        in.selectRows(rowOf(in, "a.db", "web1"), rowOf(in, "a.db", "web1"));
        auto *where = in.child<QLabel>("remoteWhere");
        QTRY_VERIFY(where->isVisible());
        QVERIFY(where->text().startsWith(QLatin1String("On web1.")));
        QVERIFY(!told(in)->isVisible());
        QTest::mouseClick(in.child<QPushButton>("remoteInfoButton"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(told(in)->toPlainText().contains(QLatin1String("a.db")) &&
                                     !told(in)->toPlainText().startsWith(QLatin1String("Asking")),
                                 PatienceMs);
        in.table()->clearSelection();
        QTRY_VERIFY(!where->isVisible());
    }

    void aMachineThatFailsIsSaid()
    {
        WindowFixture in;
        in.make("here.db");
        in.scan();
        scanMachine(in, "bare");
        QCOMPARE(in.table()->model()->rowCount(), 1);
        auto *notice = in.child<QLabel>("noticeText");
        QVERIFY2(notice->isVisible() && notice->text().contains(QLatin1String("no litekeeper-cli on bare")),
                 qPrintable(notice->text()));
    }

    void anOddNameIsRefusedBeforeItIsAsked()
    {
        WindowFixture in;
        in.action("scanMachineAction")->trigger();
        QTRY_VERIFY(in.dialog<window::MachineDialog>());
        auto *dialog = in.dialog<window::MachineDialog>();
        auto *host = dialog->findChild<QComboBox *>(QStringLiteral("host"));
        QVERIFY(host->findText(QStringLiteral("web1")) >= 0); // of the configuration
        host->setEditText(QStringLiteral("-oProxyCommand=x"));
        QVERIFY(!dialog->findChild<QLabel *>(QStringLiteral("problem"))->text().isEmpty());
        for (QPushButton *button : dialog->findChildren<QPushButton *>()) {
            if (button->text().contains(QLatin1String("Scan")))
                QVERIFY(!button->isEnabled());
        }
        dialog->reject();
    }
};

int main(int argc, char **argv)
{
    return runWindowTest<MachinesTest>(argc, argv);
}
#include "tst_machines.moc"
