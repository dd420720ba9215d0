// SPDX-License-Identifier: GPL-3.0-or-later
// The backups of the selected database, and what can be done with one.
#include "models/backupmodel.h"
#include "operations/backups.h"
#include "window/operationdialog.h"
#include "windowfixture.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QLabel>
#include <QPushButton>

using namespace lk;
using namespace lk::test;
using models::BackupModel;
using window::OperationDialog;

class TestBackupsTab : public QObject
{
    Q_OBJECT

    static Path backUp(const Path &database, const Path &folder, bool packed)
    {
        std::filesystem::create_directories(folder);
        operations::JobContext context{{}, Progress::none()};
        const operations::Report report = operations::act(*operations::find("backup"), {.path = database, .seen = {}},
                                                          {{"to", folder.native()}, {"zstd", packed}}, context);
        return std::get<std::string>(*report.field("backup"));
    }

    /// Selects a.db and shows its backups. A plain one beside it is a database too, and which comes first is the
    /// folder's matter.
    static QTableView *openTab(const WindowFixture &in)
    {
        const int row = static_cast<int>(in.shownNames().indexOf(QStringLiteral("a.db")));
        in.selectRows(row, row);
        for (QAction *action : in.window->findChildren<QAction *>()) {
            if (action->text() == QStringLiteral("Backups"))
                action->trigger();
        }
        return in.child<QTableView>("backups.table");
    }

    static void click(const WindowFixture &in, const char *button)
    {
        auto *found = in.child<QPushButton>(button);
        QTRY_VERIFY_WITH_TIMEOUT(found->isEnabled(), PatienceMs);
        QTest::mouseClick(found, Qt::LeftButton);
    }

private Q_SLOTS:
    void init() { failOnAnyWarning(); }

    void theModelIsOne()
    {
        BackupModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        operations::BackupInfo info;
        info.backup = "/backups/a-1.sqlite";
        info.made = "2026-11-22T12:00:00Z";
        info.storedBytes = 2048;
        model.setBackups({{info, true}, {info, false}});
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(0, BackupModel::SizeColumn).data().toString(), QStringLiteral("2.0 KiB"));
        QVERIFY(model.index(0, BackupModel::StateColumn).data() != model.index(1, BackupModel::StateColumn).data());
        for (int column = 0; column < model.columnCount(); ++column)
            QVERIFY(!model.headerData(column, Qt::Horizontal).toString().isEmpty());
        model.setBackups({});
        QCOMPARE(model.rowCount(), 0);
    }

    void withoutABackupItSaysSo()
    {
        WindowFixture in;
        in.make("a.db");
        in.scan();
        openTab(in);
        auto *text = in.child<QLabel>("backups.text");
        QTRY_VERIFY_WITH_TIMEOUT(text->text().contains(QStringLiteral("No backup")), PatienceMs);
        QVERIFY(in.child<QPushButton>("backups.make")->isEnabled());
        QVERIFY(!in.child<QPushButton>("backups.restore")->isEnabled());
    }

    void aBackupIsComparedAndRestored_data()
    {
        QTest::addColumn<bool>("packed");
        QTest::newRow("plain") << false;
        QTest::newRow("packed") << true;
    }
    void aBackupIsComparedAndRestored()
    {
        QFETCH(bool, packed);
        WindowFixture in;
        const Path path = in.make("a.db", {.rows = 300});
        const std::string content = contentHash(path);
        backUp(path, in.tree(), packed);
        runSql(path, "DELETE FROM t WHERE id > 10");
        in.scan();
        QTableView *table = openTab(in);
        QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 1, PatienceMs);
        auto *text = in.child<QLabel>("backups.text");
        click(in, "backups.compare");
        QTRY_COMPARE_WITH_TIMEOUT(text->text(), QStringLiteral("t: 290 rows removed"), PatienceMs);

        click(in, "backups.restore");
        auto *dialog = in.dialog<OperationDialog>();
        QVERIFY(dialog);
        QVERIFY(dialog->findChild<QCheckBox *>(QStringLiteral("flag.replace"))->isChecked());
        QVERIFY(!dialog->findChild<QCheckBox *>(QStringLiteral("flag.another"))->isChecked());
        auto *go = dialog->findChild<QPushButton *>(QStringLiteral("goButton"));
        QTRY_VERIFY_WITH_TIMEOUT(go->isEnabled(), PatienceMs);
        QTest::mouseClick(go, Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(contentHash(path), content, PatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(!in.dialog<OperationDialog>(), PatienceMs);
    }

    void aNewBackupShowsUp()
    {
        WindowFixture in;
        const Path path = in.make("a.db");
        in.scan();
        QTableView *table = openTab(in);
        auto *text = in.child<QLabel>("backups.text");
        QTRY_VERIFY_WITH_TIMEOUT(text->text().contains(QStringLiteral("No backup")), PatienceMs);
        const Path folder = in.folder() / "backups"; // elsewhere: only the catalogue knows of it
        std::filesystem::create_directory(folder);
        operations::JobContext context{{}, Progress::none()};
        in.memory.act(*operations::find("backup"), {.path = path, .seen = {}}, {{"to", folder.native()}}, context);
        QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 1, PatienceMs);
        in.selectRows(0, -1);
        QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 0, PatienceMs);
        QVERIFY(!in.child<QPushButton>("backups.make")->isEnabled());
    }
};

int main(int argc, char **argv)
{
    return runWindowTest<TestBackupsTab>(argc, argv);
}

#include "tst_backupstab.moc"
