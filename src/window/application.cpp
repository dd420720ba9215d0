// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/application.h"

#include "base/settings.h"
#include "platform/signals.h"
#include "sqlite/connection.h"
#include "window/mainwindow.h"
#include "window/theme.h"
#include "words/describe.h"

#include <QApplication>
#include <QStyle>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace lk::window {

static constexpr auto Usage = "Usage: litekeeper [FOLDER|FILE...]\n"
                              "Opens the window, and in it the folders (scanned) and database files named.\n"
                              "\n"
                              "  -h, --help     this\n"
                              "      --version  versions of Litekeeper, Qt and SQLite\n"
                              "\n"
                              "litekeeper-cli does everything the window does in a terminal.\n";

static void printVersion()
{
    std::printf("Litekeeper %s (Qt %s, SQLite %s)\n", LITEKEEPER_VERSION, qVersion(), sqlite::libraryVersion());
}

/// Options of Qt's that take a value of their own; QApplication understands and removes them.
static bool isQtOption(std::string_view argument)
{
    return argument == "-platform" || argument == "-style" || argument == "-geometry" || argument == "-qwindowtitle";
}

std::optional<std::vector<Path>> parseCommandLine(int argc, char **argv, int &status)
{
    std::vector<Path> paths;
    bool options = true;
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        if (options && argument == "--") {
            options = false;
        } else if (options && argument == "--version") {
            printVersion();
            status = 0;
            return std::nullopt;
        } else if (options && (argument == "--help" || argument == "-h")) {
            std::fputs(Usage, stdout);
            status = 0;
            return std::nullopt;
        } else if (options && isQtOption(argument)) {
            ++i;
        } else if (options && argument.starts_with("-")) {
            std::fprintf(stderr, "litekeeper: unknown option %s (try --help)\n", path::display(argument).c_str());
            status = 2;
            return std::nullopt;
        } else {
            paths.emplace_back(argument);
        }
    }
    return paths;
}

bool hasDisplay()
{
    const auto isSet = [](const char *name) {
        const char *value = std::getenv(name);
        return value && *value;
    };
    if (isSet("DISPLAY") || isSet("WAYLAND_DISPLAY") || isSet("QT_QPA_PLATFORM"))
        return true;
    std::fputs("litekeeper: there is no display to open a window on; litekeeper-cli works without one\n", stderr);
    return false;
}

int runWindow(int argc, char **argv, const std::vector<Path> &paths)
{
    platform::endNoWriteBySignal();
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("litekeeper"));
    QApplication::setApplicationDisplayName(QStringLiteral("Litekeeper"));
    QApplication::setApplicationVersion(QStringLiteral(LITEKEEPER_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("litekeeper"));
    Settings settings;
    theme::apply(settings.theme());
    catalog::Memory memory(catalog::Memory::place(), words::outcome);
    MainWindow window(settings, memory);
    window.show();
    window.cleanUp();
    window.watchSchedules();
    window.watchLitestream();
    if (paths.empty())
        window.restore();
    else
        window.open(paths);
    return QApplication::exec();
}

}
