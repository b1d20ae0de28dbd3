"""The parts that every Word file starts from: the look is in word/styles.xml, as a page's is in style.css."""
