//! news.
