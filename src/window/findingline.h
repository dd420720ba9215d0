// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "advice/advisor.h"

#include <QWidget>

namespace lk::window {

/// A finding in short: how weighty, what was seen, and a button for what to do about it.
class FindingLine final : public QWidget
{
    Q_OBJECT

public:
    explicit FindingLine(const advice::Finding &finding, QWidget *parent = nullptr);

Q_SIGNALS:
    void fixRequested(const lk::advice::Fix &fix);
};

}
