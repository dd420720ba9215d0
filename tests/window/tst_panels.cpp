// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/databasecolumns.h"
#include "models/facetmodel.h"
#include "sampledata.h"
#include "support/dbbuilder.h"
#include "window/databasepanel.h"
#include "window/elidedlabel.h"
#include "window/notentereddialog.h"
#include "window/operationdialog.h"
#include "windowfixture.h"

#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPushButton>
#include <QScopeGuard>
#include <QToolBar>
#include <QToolButton>

using namespace lk;
using namespace lk::test;

/// Finding one's way among what was found.
class tst_Panels : public QObject
{
    Q_OBJECT

private:
    static void makeFew(const WindowFixture &in)
    {
        in.make("mail/inbox.db", {.journalMode = "wal", .rows = 2000});
        in.make("mail/sent.db");
        in.make("photos/thumbs.sqlite", {.rows = 600});
    }
    static void clickFacet(const WindowFixture &in, const QString &text)
    {
        auto *list = in.child<QListView>("list");
        for (int row = 0; row < list->model()->rowCount(); ++row) {
            const QModelIndex index = list->model()->index(row, 0);
            if (index.data().toString() != text)
                continue;
            list->scrollTo(index);
            QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualRect(index).center());
            return;
        }
        QFAIL(qPrintable(QStringLiteral("no facet ") + text));
    }
    static void clickHeader(const WindowFixture &in, const char *column)
    {
        QHeaderView *header = in.table()->horizontalHeader();
        const int section = models::columnIndex(column);
        const QPoint at(header->sectionViewportPosition(section) + header->sectionSize(section) / 2,
                        header->height() / 2);
        QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, at);
    }
    static QString label(const WindowFixture &in, const char *name) { return in.child<QLabel>(name)->text(); }

private Q_SLOTS:
    void init() { failOnAnyWarning(); }

    void typingFiltersAfterAPause()
    {
        WindowFixture in;
        makeFew(in);
        in.scan();
        QTest::keyClick(in.window.get(), Qt::Key_F, Qt::ControlModifier);
        auto *edit = in.child<QLineEdit>("filterEdit");
        QTRY_VERIFY(edit->hasFocus());
        QTest::keyClicks(edit, QStringLiteral("mail"));
        QCOMPARE(in.table()->model()->rowCount(), 3); // not yet
        QTRY_COMPARE(in.table()->model()->rowCount(), 2);
        QCOMPARE(label(in, "hiddenText"), QStringLiteral("1 hidden by the filter."));
        QTest::mouseClick(in.child<QPushButton>("clearButton"), Qt::LeftButton);
        QCOMPARE(in.table()->model()->rowCount(), 3);
        QVERIFY(edit->text().isEmpty());
        QVERIFY(!in.child<QWidget>("hiddenBar")->isVisible());
    }
    void aFilterThatHidesAllSaysSo()
    {
        WindowFixture in;
        makeFew(in);
        in.scan();
        in.window->session().filter().setText(QStringLiteral("no such name"));
        QVERIFY(!in.table()->isVisible());
        QCOMPARE(label(in, "emptyText"), QStringLiteral("No database matches the filter."));
        QVERIFY(in.child<QPushButton>("clearButton")->isVisible());
    }
    void clickedFacetsCombine()
    {
        WindowFixture in;
        makeFew(in);
        in.scan();
        clickFacet(in, QStringLiteral("rollback"));
        QCOMPARE(in.table()->model()->rowCount(), 2);
        clickFacet(in, QStringLiteral("mail"));
        QCOMPARE(in.shownNames(), QStringList{QStringLiteral("sent.db")});
        clickFacet(in, QStringLiteral("All"));
        QCOMPARE(in.table()->model()->rowCount(), 3);
    }
    void aClickOnAHeaderSortsAndAThirdGivesTheOrderOfArrivalBack()
    {
        WindowFixture in;
        makeFew(in);
        in.scan();
        const QStringList arrived = in.shownNames();
        clickHeader(in, "size");
        const QStringList bySize{QStringLiteral("sent.db"), QStringLiteral("thumbs.sqlite"),
                                 QStringLiteral("inbox.db")};
        QCOMPARE(in.shownNames(), bySize);
        clickHeader(in, "size");
        QCOMPARE(in.shownNames(), QStringList(bySize.rbegin(), bySize.rend()));
        clickHeader(in, "size");
        QCOMPARE(in.shownNames(), arrived);
    }
    void theSelectionOutlivesSortingAndFiltering()
    {
        WindowFixture in;
        makeFew(in);
        in.scan();
        const int row = static_cast<int>(in.shownNames().indexOf(QStringLiteral("inbox.db")));
        in.selectRows(row, row);
        clickHeader(in, "name");
        in.window->session().filter().setText(QStringLiteral("mail"));
        const QModelIndexList selected = in.table()->selectionModel()->selectedRows();
        QCOMPARE(selected.size(), 1);
        QCOMPARE(selected.first().data().toString(), QStringLiteral("inbox.db"));
        QVERIFY(label(in, "countsLabel").endsWith(QStringLiteral("1 selected")));
    }
    void hiddenAndMovedColumnsAndTheirOrderAreRemembered()
    {
        WindowFixture in;
        const int folder = models::columnIndex("folder");
        const int encoding = models::columnIndex("encoding");
        auto *menu = in.child<QMenu>("columnsMenu");
        Q_EMIT menu->aboutToShow();
        menu->actions()[folder]->trigger();
        menu->actions()[encoding]->trigger();
        in.table()->horizontalHeader()->moveSection(0, 2);
        in.table()->horizontalHeader()->setSortIndicator(models::columnIndex("size"), Qt::DescendingOrder);
        in.window->close();
        in.show();
        QHeaderView *header = in.table()->horizontalHeader();
        QVERIFY(header->isSectionHidden(folder));
        QVERIFY(!header->isSectionHidden(encoding));
        QVERIFY(header->sectionSize(encoding) > 20);
        QCOMPARE(header->visualIndex(0), 2);
        QCOMPARE(header->sortIndicatorSection(), models::columnIndex("size"));
    }
    void fromRightToLeftADatabaseIsSelectedAsWell()
    {
        QApplication::setLayoutDirection(Qt::RightToLeft);
        const auto back = qScopeGuard([] { QApplication::setLayoutDirection(Qt::LeftToRight); });
        WindowFixture in;
        makeFew(in);
        in.scan();
        in.child<window::DatabasePanel>("DatabasePanel")->select(in.tree() / "mail" / "sent.db");
        QCOMPARE(in.table()->selectionModel()->selectedRows().size(), 1);
        QTRY_COMPARE(in.child<window::ElidedLabel>("nameLabel")->text(), QStringLiteral("sent.db"));
    }
    void selectedPathsAreCopiedAsOneCanPasteThem()
    {
        WindowFixture in;
        in.make("a b.db");
        in.make("line\nbreak.db");
        in.scan();
        in.table()->setFocus();
        QTest::keyClick(in.table(), Qt::Key_A, Qt::ControlModifier);
        QTest::keyClick(in.table(), Qt::Key_C, Qt::ControlModifier);
        const QString copied = QGuiApplication::clipboard()->text();
        const QString folder = QString::fromStdString(in.tree().native());
        QStringList lines = copied.split(QLatin1Char('\n'));
        lines.sort();
        QCOMPARE(lines, (QStringList{QStringLiteral("$'%1/line\\012break.db'").arg(folder),
                                     folder + QStringLiteral("/a b.db")}));
    }
    void nothingFoundSaysSo()
    {
        WindowFixture in;
        in.scan();
        QVERIFY(label(in, "emptyText").startsWith(QStringLiteral("No databases found in ")));
        QVERIFY(in.child<QLabel>("emptyText")->isVisible());
    }
    void aFolderThatIsNotThereIsToldWithoutABox()
    {
        WindowFixture in;
        in.window->scan(in.folder() / "missing");
        QTRY_VERIFY(in.child<QLabel>("noticeText")->isVisible());
        QVERIFY(!in.window->session().isScanning());
        QCOMPARE(QApplication::activeModalWidget(), nullptr);
    }
    void filesOpenedAreAddedToTheList()
    {
        WindowFixture in;
        makeFew(in);
        makeDatabase(in.folder() / "elsewhere.db");
        writeFile(in.folder() / "letter.txt", "Dear Anna");
        in.scan();
        in.window->session().open({in.folder() / "elsewhere.db", in.folder() / "letter.txt"});
        QTRY_COMPARE(in.table()->model()->rowCount(), 4);
        QTRY_COMPARE(in.table()->selectionModel()->selectedRows().size(), 1);
        QTRY_VERIFY(label(in, "noticeText").contains(QStringLiteral("letter.txt")));
    }
    void whatWasNotEnteredIsCountedAndListedAndCanBeScanned()
    {
        WindowFixture in;
        makeFew(in);
        in.scan();
        scan::Summary summary = *in.window->session().summary();
        const Path more = in.folder() / "more";
        std::filesystem::create_directories(more);
        makeDatabase(more / "more.db");
        summary.notEntered = {
            {.path = more, .why = scan::WhyNot::OtherFilesystem, .filesystem = "ext4"},
            {.path = "/locked/x", .why = scan::WhyNot::NoPermission, .systemError = 13, .filesystem = {}}};
        Q_EMIT in.window->session().runner().finished(summary);
        QVERIFY(label(in, "notEnteredLabel").contains(QStringLiteral("1 other file system")));
        QTest::mouseClick(in.child<QToolButton>("showNotEntered"), Qt::LeftButton);
        auto *dialog = in.dialog<window::NotEnteredDialog>();
        QVERIFY(dialog);
        auto *list = dialog->findChild<QTableView *>(QStringLiteral("list"));
        auto *scanToo = dialog->findChild<QPushButton *>(QStringLiteral("scanButton"));
        QVERIFY(!scanToo->isEnabled());
        list->selectRow(1);
        QVERIFY(!scanToo->isEnabled()); // forbidden
        list->selectRow(0);
        QTest::mouseClick(scanToo, Qt::LeftButton);
        QTRY_COMPARE(in.table()->model()->rowCount(), 4);
        QTRY_VERIFY(!in.window->session().isScanning());
        QVERIFY(!label(in, "notEnteredLabel").contains(QStringLiteral("file system")));
    }
    void whileScanningTheStatusShowsWhereItIs()
    {
        WindowFixture in;
        makeFew(in);
        in.window->scan(in.tree());
        QVERIFY(in.window->session().isScanning());
        QCOMPARE(in.child<QToolButton>("scanButton")->text(), QStringLiteral("Stop"));
        Q_EMIT in.window->session().progressed({.files = 1234}, Path("/home/anna/deep"));
        QVERIFY(label(in, "countsLabel").contains(QStringLiteral("files")));
        QTRY_VERIFY(!in.window->session().isScanning());
        QVERIFY(label(in, "whenLabel").startsWith(QStringLiteral("Scanned ")));
        QCOMPARE(in.child<QToolButton>("scanButton")->text(), QStringLiteral("Scan"));
    }
    void theAppearanceIsRemembered()
    {
        WindowFixture in;
        for (QAction *action : in.window->findChildren<QAction *>()) {
            if (action->text() == QStringLiteral("&Dark"))
                action->trigger();
        }
        QCOMPARE(in.settings.theme(), Theme::Dark);
        QTRY_VERIFY(in.window->palette().color(QPalette::Window).lightness() < 100);
    }
    void everyOperationIsInTheMenuAndAFewAreInTheToolBar()
    {
        WindowFixture in;
        const auto menu = in.child<QMenu>("databaseMenu")->actions();
        const auto bar = in.child<QToolBar>("toolBar")->actions();
        QByteArray inBar;
        for (const operations::Operation *operation : operations::all()) {
            if (operation->subject != operations::Subject::Database)
                continue;
            QAction *action = nullptr;
            for (QAction *one : menu) {
                if (one->objectName() == QStringLiteral("operation.%1").arg(QLatin1String(operation->id)))
                    action = one;
            }
            QVERIFY2(action, operation->id);
            inBar += bar.contains(action) ? operation->id + QByteArray(" ") : QByteArray();
            QVERIFY2(!action->icon().isNull(), operation->id);
        }
        QCOMPARE(inBar, QByteArray("check backup journal compact "));
    }
};

int main(int argc, char **argv)
{
    return runWindowTest<tst_Panels>(argc, argv);
}
#include "tst_panels.moc"
