// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/spacemodel.h"
#include "window/treemap.h"
#include "windowfixture.h"

#include <QAccessible>
#include <QHelpEvent>
#include <QItemSelectionModel>
#include <QSignalSpy>
#include <QToolTip>
#include <QTreeView>

using namespace lk;
using namespace lk::test;
using models::SpaceModel;
using window::TreeMap;

/// The map of what takes up the room, with its list twin.
class tst_TreeMap : public QObject
{
    Q_OBJECT

private:
    struct Twins
    {
        SpaceModel model;
        QTreeView list;
        TreeMap map;

        explicit Twins(Qt::LayoutDirection direction = Qt::LeftToRight)
        {
            inspect::Space space;
            space.items = {
                {.name = "big", .table = "big", .pages = 40, .bytes = 40'000, .payload = 1, .unused = 0, .rows = {}},
                {.name = "by_k",
                 .index = true,
                 .table = "big",
                 .pages = 20,
                 .bytes = 20'000,
                 .payload = 1,
                 .unused = 0,
                 .rows = {}},
                {.name = "small<b>",
                 .table = "small<b>",
                 .pages = 25,
                 .bytes = 25'000,
                 .payload = 1,
                 .unused = 0,
                 .rows = {}}};
            space.pageSize = 1000;
            space.pageCount = 100;
            space.freelistPages = 15;
            model.setSpace(space);
            list.setModel(&model);
            map.setLayoutDirection(direction);
            map.setModel(&model, list.selectionModel());
            map.resize(600, 400);
            map.show();
            map.activateWindow();
            map.setFocus();
        }
        QString current() const { return list.currentIndex().data().toString(); }
        QModelIndex top(int row) const { return model.index(row, 0); }
        void press(Qt::Key key) { QTest::keyClick(&map, key); }
    };

private Q_SLOTS:
    void init() { failOnAnyWarning(); }

    void areasAreShares()
    {
        const Twins twins;
        const auto area = [&](int row) {
            const QRect rectangle = twins.map.visualRect(twins.top(row));
            return rectangle.width() * rectangle.height() / (600.0 * 400.0);
        };
        QVERIFY(std::abs(area(0) - 0.60) < 0.01);
        QVERIFY(std::abs(area(1) - 0.25) < 0.01);
        QVERIFY(std::abs(area(2) - 0.15) < 0.01);
    }
    void whatBelongsToATableLiesInsideOfIt()
    {
        const Twins twins;
        const QRect whole = twins.map.visualRect(twins.top(0));
        for (int row = 0; row < 2; ++row)
            QVERIFY(whole.contains(twins.map.visualRect(twins.model.index(row, 0, twins.top(0)))));
    }
    void mapAndListSelectEachOther()
    {
        Twins twins;
        const QPoint at = twins.map.visualRect(twins.top(1)).center();
        QTest::mouseClick(&twins.map, Qt::LeftButton, {}, at);
        QCOMPARE(twins.current(), QStringLiteral("small<b>"));
        twins.list.setCurrentIndex(twins.top(2));
        QVERIFY(twins.map.currentText().startsWith(QStringLiteral("Free pages: 15")));
    }
    void keysGoToWhatLiesThere()
    {
        Twins twins;
        twins.press(Qt::Key_Home);
        QCOMPARE(twins.current(), QStringLiteral("big"));
        twins.press(Qt::Key_Right); // into what belongs to it
        QCOMPARE(twins.current(), QStringLiteral("rows of big"));
        twins.press(Qt::Key_End);
        QCOMPARE(twins.current(), QStringLiteral("Free pages"));
        twins.press(Qt::Key_Up);
        QCOMPARE(twins.current(), QStringLiteral("small<b>"));
        twins.press(Qt::Key_Up); // there is nothing more
        QCOMPARE(twins.current(), QStringLiteral("small<b>"));
        twins.press(Qt::Key_Left);
        QVERIFY(twins.current() == QStringLiteral("rows of big") || twins.current() == QStringLiteral("index by_k"));
    }
    void everyRectangleCanBeReachedWithArrowKeys()
    {
        Twins twins;
        QStringList reached;
        twins.press(Qt::Key_Home);
        for (int round = 0; round < 3; ++round) {
            for (const Qt::Key key : {Qt::Key_Right, Qt::Key_Down, Qt::Key_Left, Qt::Key_Up}) {
                twins.press(key);
                reached += twins.current();
            }
        }
        for (const char *name : {"rows of big", "index by_k", "small<b>", "Free pages"})
            QVERIFY2(reached.contains(QLatin1String(name)), name);
    }
    void enterAsksForMore()
    {
        Twins twins;
        QSignalSpy activated(&twins.map, &TreeMap::activated);
        twins.press(Qt::Key_End);
        twins.press(Qt::Key_Return);
        QCOMPARE(activated.count(), 1);
        QTest::mouseDClick(&twins.map, Qt::LeftButton, {}, twins.map.visualRect(twins.top(1)).center());
        QCOMPARE(activated.last().first().toModelIndex().data().toString(), QStringLiteral("small<b>"));
    }
    void fromRightToLeftItIsMirrored()
    {
        const Twins usual;
        const Twins mirrored(Qt::RightToLeft);
        for (int row = 0; row < 3; ++row) {
            const QRect one = usual.map.visualRect(usual.top(row));
            const QRect other = mirrored.map.visualRect(mirrored.top(row));
            QCOMPARE(other.size(), one.size());
            QCOMPARE(other.left(), 599 - one.right());
        }
    }
    void aScreenReaderIsToldTheCurrentItem()
    {
        Twins twins;
        QAccessibleInterface *interface = QAccessible::queryAccessibleInterface(&twins.map);
        QVERIFY(interface);
        QVERIFY(!interface->text(QAccessible::Name).isEmpty());
        twins.press(Qt::Key_End);
        QCOMPARE(interface->text(QAccessible::Value), twins.map.currentText());
        QVERIFY(interface->text(QAccessible::Value).startsWith(QStringLiteral("Free pages")));
    }
    void toolTipsArePlainText()
    {
        Twins twins;
        const QPoint at = twins.map.visualRect(twins.top(1)).center();
        QHelpEvent help(QEvent::ToolTip, at, twins.map.mapToGlobal(at));
        QApplication::sendEvent(&twins.map, &help);
        QTRY_VERIFY(QToolTip::text().contains(QStringLiteral("small&lt;b&gt;")));
        QToolTip::hideText();
    }
    void thousandsOfTablesAreDrawnAtOnce()
    {
        SpaceModel model;
        inspect::Space space;
        space.pageSize = 1000;
        space.pageCount = 20'000;
        for (int i = 0; i < 20'000; ++i) {
            const std::string name = "t" + std::to_string(i);
            space.items.push_back(
                {.name = name, .table = name, .pages = 1, .bytes = 1000, .payload = 1, .unused = 0, .rows = {}});
        }
        model.setSpace(space);
        QItemSelectionModel selection(&model);
        TreeMap map;
        map.setModel(&model, &selection);
        map.resize(600, 400);
        QCOMPARE(map.grab().isNull(), false); // 20 000 squares of 3 by 3
    }
    void nothingToShowDoesNoHarm()
    {
        SpaceModel model;
        QItemSelectionModel selection(&model);
        TreeMap map;
        map.setModel(&model, &selection);
        map.resize(600, 400);
        for (const Qt::Key key : {Qt::Key_Home, Qt::Key_Right, Qt::Key_Return})
            QTest::keyClick(&map, key);
        QTest::mouseClick(&map, Qt::LeftButton);
        map.grab();
        QVERIFY(map.currentText().isEmpty());
        QVERIFY(!map.indexAt({5, 5}).isValid());
    }
};

int main(int argc, char **argv)
{
    return runWindowTest<tst_TreeMap>(argc, argv);
}
#include "tst_treemap.moc"
