// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/settings.h"
#include "models/databasemodel.h"
#include "support/dbbuilder.h"
#include "window/mainwindow.h"
#include "words/describe.h"

#include <QApplication>
#include <QHeaderView>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

namespace lk::test {

/// For what other processes and the disk do: Qt's own five seconds are too short on a busy machine.
constexpr int PatienceMs = 60'000;

/// The real window, with settings of its own, shown and waited for. A second one in the same fixture finds what the
/// first has remembered.
class WindowFixture
{
public:
    WindowFixture()
        : settings(folder() / "settings.ini")
        , memory(folder() / "catalogue.sqlite", words::outcome)
    {
        show();
    }

    Path folder() const { return Path(m_folder.path().toStdString()); }
    /// Where databases are made; not the settings' folder.
    Path tree() const
    {
        const Path path = folder() / "tree";
        std::filesystem::create_directories(path);
        return path;
    }

    void show()
    {
        window.reset();
        window = std::make_unique<window::MainWindow>(settings, memory);
        window->resize(1280, 800);
        window->show();
        window->activateWindow(); // a bare X server has no window manager to do it
        QVERIFY(QTest::qWaitForWindowActive(window.get()));
    }

    /// The child of that name anywhere in the window, which the test can't do without.
    template <class T>
    T *child(const char *name) const
    {
        T *found = window->findChild<T *>(QLatin1String(name));
        if (!found)
            qFatal("no %s in the window", name);
        return found;
    }
    QTableView *table() const { return child<QTableView>("table"); }
    QAction *action(const char *name) const { return child<QAction>(name); }
    /// The dialog of that class that is open now, or null.
    template <class T>
    T *dialog() const
    {
        for (QWidget *widget : QApplication::topLevelWidgets()) {
            if (auto *found = qobject_cast<T *>(widget); found && found->isVisible())
                return found;
        }
        return nullptr;
    }

    /// A database at \a name below tree().
    Path make(const char *name, const DatabaseSpec &spec = {}) const
    {
        const Path path = tree() / name;
        std::filesystem::create_directories(path.parent_path());
        makeDatabase(path, spec);
        return path;
    }

    /// Scans tree() and waits for the end.
    void scan()
    {
        window->scan(tree());
        QTRY_VERIFY(!window->session().isScanning());
    }
    QStringList shownNames() const
    {
        QStringList names;
        for (int row = 0; row < table()->model()->rowCount(); ++row)
            names += table()->model()->index(row, 0).data().toString();
        return names;
    }
    void selectRows(int first, int last) const
    {
        table()->selectionModel()->clear();
        for (int row = first; row <= last; ++row)
            table()->selectionModel()->select(table()->model()->index(row, 0),
                                              QItemSelectionModel::Select | QItemSelectionModel::Rows);
    }

private:
    QTemporaryDir m_folder;

public:
    Settings settings;
    catalog::Memory memory;
    std::unique_ptr<window::MainWindow> window;
};

/// Any warning is a failure, but for what the offscreen platform says of itself.
inline void failOnAnyWarning()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
}

/// Runs a test of the window: nothing of the person's own settings or desktop takes part.
template <class Test>
int runWindowTest(int argc, char **argv)
{
    QStandardPaths::setTestModeEnabled(true);
    QApplication application(argc, argv);
    Test test;
    return QTest::qExec(&test, argc, argv);
}

}
