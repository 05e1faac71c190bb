"""The paper of this desk: 《运营数据分析报告》."""
