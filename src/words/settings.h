// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "advice/snippets.h"

#include <QString>

namespace lk::words {

/// "Django 5.1 and later"
QString title(const advice::Framework &framework);

/// Why there is no code for \a path, and what to do about it.
QString describe(advice::Inexpressible why, const advice::Framework &framework, const Path &path);

}
