// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/hexmodel.h"
#include "models/pagemodel.h"
#include "window/inspectortab.h"

namespace Ui {
class PagesTab;
}

namespace lk::window {

/// The file's first 100 bytes, each field of them explained (choosing a byte chooses its field, and the other way
/// round), and the kinds of its pages by number.
class PagesTab final : public InspectorTab
{
    Q_OBJECT

public:
    explicit PagesTab(Questions &questions, QWidget *parent = nullptr);
    ~PagesTab() override;

protected:
    void showFacts() override;
    void clear() override;

private:
    void setUpHex();
    void setUpPages();
    void read(std::uint32_t first);
    void show(const inspect::Pages &pages, std::uint32_t first);
    void chooseBytesOf(int field);

    std::unique_ptr<Ui::PagesTab> m_ui;
    models::HexModel m_hex;
    models::PageModel m_pages;
    std::uint32_t m_first = 1; ///< page number
    jobs::JobId m_reading = 0;
};

}
