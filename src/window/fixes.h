// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "advice/advisor.h"
#include "window/operationactions.h"

#include <optional>

namespace lk::window {

/// The operation that \a fix names, as the menus would ask for it; nothing if it is for the person to do, or if there
/// is no such operation here.
std::optional<OperationRequest> requestFor(const advice::Fix &fix);

/// What the button for \a fix says: "Switch to WAL…", "Settings to copy"; empty where there is nothing to press.
QString fixButtonText(const advice::Fix &fix);

}
