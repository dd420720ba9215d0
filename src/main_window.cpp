// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/application.h"

int main(int argc, char **argv)
{
    int status = 0;
    const auto paths = lk::window::parseCommandLine(argc, argv, status);
    if (!paths)
        return status;
    if (!lk::window::hasDisplay())
        return 2;
    return lk::window::runWindow(argc, argv, *paths);
}
