// SPDX-License-Identifier: GPL-3.0-or-later
// Schedules in the window, with a stand-in for systemctl.
#include "models/schedulemodel.h"
#include "window/schedulesdialog.h"
#include "windowfixture.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>

using namespace lk;
using namespace lk::test;
using namespace lk::window;
using models::ScheduleModel;

class TestSchedules : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;

    Path folder() const { return Path(m_folder->path().toStdString()); }
    void program(const char *name, const std::string &script) const
    {
        const Path path = folder() / name;
        writeFile(path, "#!/bin/sh\n" + script);
        std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    }
    static SchedulesDialog *open(WindowFixture &in)
    {
        in.action("schedulesAction")->trigger();
        return in.dialog<SchedulesDialog>();
    }
    template <class T>
    static T *part(SchedulesDialog *dialog, const char *name)
    {
        return dialog->findChild<T *>(QLatin1String(name));
    }

private Q_SLOTS:
    void init()
    {
        failOnAnyWarning();
        m_folder = std::make_unique<QTemporaryDir>();
        const QByteArray path = QByteArray::fromStdString(folder().native());
        qputenv("PATH", path + ":/usr/bin:/bin");
        qputenv("XDG_CONFIG_HOME", path + "/config");
        program("litekeeper-cli", "");
        program("systemctl", "");
    }

    void aScheduleIsARow()
    {
        ScheduleModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        ScheduleModel::Line line;
        line.installed.enabled = true;
        line.installed.schedule = {.operation = "check", .files = {"/a/shop\x1b.db", "/b.db"}};
        model.setLines({line});
        const auto text = [&](int column) { return model.index(0, column).data().toString(); };
        QCOMPARE(text(ScheduleModel::WhatColumn), QStringLiteral("Check"));
        QCOMPARE(text(ScheduleModel::FilesColumn), QStringLiteral("shop\\x1b.db and 1 more"));
        QVERIFY(text(ScheduleModel::EveryColumn).startsWith(QStringLiteral("every day, ")));
        QVERIFY(!text(ScheduleModel::NextColumn).isEmpty());
        QCOMPARE(text(ScheduleModel::LastColumn), QStringLiteral("not yet"));
        line.runs.last = catalog::Entry{.id = 1, .path = "/b.db", .operation = "check", .endedNs = 5};
        line.runs.last->said = "In use.";
        line.installed.enabled = false;
        model.setLines({line});
        QVERIFY(text(ScheduleModel::LastColumn).contains(QStringLiteral("failed")));
        QVERIFY(text(ScheduleModel::NextColumn).contains(QStringLiteral("off")));
        QCOMPARE(model.index(0, 0).data(ScheduleModel::IconNameRole).toString(), QStringLiteral("warning"));
        line.runs = {.lastGoodNs = 1'700'000'000'000'000'000, .last = {}};
        model.setLines({line});
        QVERIFY(text(ScheduleModel::LastColumn).contains(QStringLiteral("overdue")));
        for (int column = 0; column < ScheduleModel::ColumnNumbers; ++column) {
            QVERIFY(!model.headerData(column, Qt::Horizontal).toString().isEmpty());
            QVERIFY(!model.index(0, column).data(Qt::ToolTipRole).toString().isEmpty());
        }
    }

    void oneIsAddedForTheSelectionAndRemoved()
    {
        WindowFixture in;
        in.make("shop.db");
        in.scan();
        in.selectRows(0, 0);
        auto *dialog = open(in);
        QVERIFY(dialog);
        auto *table = part<QTableView>(dialog, "schedulesTable");
        auto *add = part<QPushButton>(dialog, "addButton");
        auto *remove = part<QPushButton>(dialog, "removeButton");
        QVERIFY(!add->isEnabled()); // a backup needs a folder
        QVERIFY(!remove->isEnabled());
        dialog->setFolder(folder());
        auto *units = part<QPlainTextEdit>(dialog, "units");
        QTRY_VERIFY(units->toPlainText().contains(QStringLiteral("\"--to\" \"") + m_folder->path()));
        QTRY_VERIFY(add->isEnabled());
        part<QCheckBox>(dialog, "packBox")->click();
        part<QSpinBox>(dialog, "keepSpin")->setValue(7);
        QTRY_VERIFY(units->toPlainText().contains(QStringLiteral("\"--zstd\" \"--keep\" \"7\"")));
        QVERIFY(!std::filesystem::exists(folder() / "config"));
        QTest::mouseClick(add, Qt::LeftButton);
        QTRY_COMPARE(table->model()->rowCount(), 1);
        QCOMPARE(table->model()->index(0, ScheduleModel::FilesColumn).data().toString(), QStringLiteral("shop.db"));

        table->setCurrentIndex(table->model()->index(0, 0));
        QTRY_VERIFY(remove->isEnabled());
        QTest::mouseClick(remove, Qt::LeftButton);
        QTRY_COMPARE(table->model()->rowCount(), 0);
        QVERIFY(std::filesystem::is_empty(folder() / "config/systemd/user"));
        dialog->close();
    }

    void aCheckNeedsNoFolder()
    {
        WindowFixture in;
        in.make("shop.db");
        in.scan();
        in.selectRows(0, 0);
        auto *dialog = open(in);
        auto *box = part<QComboBox>(dialog, "operationBox");
        box->setCurrentIndex(box->findData(QStringLiteral("check")));
        for (const char *name : {"folderButton", "packBox", "keepSpin"})
            QVERIFY(!part<QWidget>(dialog, name)->isVisible());
        QTRY_VERIFY(part<QPlainTextEdit>(dialog, "units")->toPlainText().contains(QStringLiteral("Persistent=true")));
        QVERIFY(part<QPushButton>(dialog, "addButton")->isEnabled());
        dialog->close();
    }

    void withoutASelectionThereIsOnlyTheList()
    {
        WindowFixture in;
        auto *dialog = open(in);
        QVERIFY(!part<QPushButton>(dialog, "addButton")->isEnabled());
        QVERIFY(!part<QWidget>(dialog, "form")->isEnabled());
        dialog->close();
    }

    void oneThatIsOverdueIsToldOfAtTheStart()
    {
        const Path sign = folder() / "sign";
        program("notify-send", "echo \"$@\" >> '" + sign.native() + "'\n");
        const catalog::Schedule nightly{.id = "nightly", .operation = "check", .files = {"/a/shop.db"}};
        const Result<catalog::Scheduler> scheduler = catalog::Scheduler::here();
        QVERIFY(scheduler && scheduler->add(nightly));
        const Path wanted = folder() / "config/systemd/user/timers.target.wants"; // what `systemctl enable` makes
        std::filesystem::create_directories(wanted);
        std::filesystem::create_symlink("../litekeeper-nightly.timer", wanted / "litekeeper-nightly.timer");
        WindowFixture in;
        catalog::Entry entry{.path = "/a/shop.db", .operation = "check", .schedule = nightly.id};
        entry.startedNs = entry.endedNs = 1'700'000'000'000'000'000; // 2023
        in.memory.write([entry](catalog::Database &database) -> Result<void> {
            const auto added = catalog::add(database, entry);
            return added ? Result<void>() : std::unexpected(added.error());
        });
        in.window->watchSchedules();
        auto *notice = in.child<QLabel>("noticeText");
        QTRY_VERIFY(notice->text().contains(QStringLiteral("Check (shop.db) last went well on")));
        QTRY_VERIFY(QByteArray::fromStdString(std::filesystem::exists(sign) ? readFile(sign) : "").contains("shop.db"));
    }

    void whatSystemdSaysIsShown()
    {
        WindowFixture in;
        in.make("shop.db");
        in.scan();
        in.selectRows(0, 0);
        program("systemctl", "[ $2 = enable ] && { echo 'no such thing' >&2; exit 1; }; exit 0\n");
        auto *dialog = open(in);
        dialog->setFolder(folder());
        QTRY_VERIFY(part<QPushButton>(dialog, "addButton")->isEnabled());
        QTest::mouseClick(part<QPushButton>(dialog, "addButton"), Qt::LeftButton);
        QTRY_VERIFY(part<QLabel>(dialog, "text")->text().contains(QStringLiteral("no such thing")));
        QCOMPARE(part<QTableView>(dialog, "schedulesTable")->model()->rowCount(), 0);
        dialog->close();
    }
};

int main(int argc, char **argv)
{
    return runWindowTest<TestSchedules>(argc, argv);
}
#include "tst_schedules.moc"
